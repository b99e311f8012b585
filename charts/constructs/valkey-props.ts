import type { SentinelProps } from "./sentinel-plan.ts";
import type { ServerProps } from "./server-props.ts";
import type { ValkeyRules } from "./valkey-users.ts";

/** What a `Valkey` is made of. */
export interface ValkeyProps extends ServerProps {
  /**
   * How many copies follow the primary.
   * @default 1, or 2 with sentinels
   */
  readonly replicas?: number;

  /**
   * How many copies must be there for the primary to take writes.
   * @default 0, or 1 with sentinels
   */
  readonly minReplicasToWrite?: number;

  /**
   * How many copies must have a change before our services acknowledge it. Under sentinels: with one, any server may be
   * away; with both, nothing that was acknowledged is lost whatever the servers do, and while one is away nothing is.
   * @default 0, or 1 with sentinels
   */
  readonly wait?: number;

  /**
   * Sentinels, one beside each of three servers, which put a copy in the primary's place when that one is silent.
   * @default none: while the primary's pod is away, writers wait for it
   */
  readonly sentinels?: SentinelProps;

  /**
   * The Service of its clients, which leads to the primary alone; with sentinels, which tell our services where that is, to
   * every pod.
   * @default the name and `-service`
   */
  readonly serviceName?: string;

  /**
   * A Service for those who read only and can do with what was true a moment ago; it leads to every pod.
   * @default none
   */
  readonly readServiceName?: string;

  /**
   * The headless Service by which the pods have names.
   * @default the name and `-nodes`
   */
  readonly nodesServiceName?: string;

  /**
   * What data may take, in MiB; the pods' memory follows from it.
   * @default 256
   */
  readonly maxMemoryMiB?: number;

  /**
   * What happens when that is used up: nothing that was stored may go, so only `noeviction` is accepted.
   * @default "noeviction"
   */
  readonly maxMemoryPolicy?: string;

  /**
   * The share of the memory that ids may take.
   * @default 0.5
   */
  readonly idsShare?: number;

  /**
   * For how long repeats must be told, in milliseconds.
   * @default 3,600,000
   */
  readonly idWindowMs?: number;

  /**
   * The events that come in a second, at most, for as long as that window.
   * @default 100
   */
  readonly eventsPerSecond?: number;

  /**
   * Users beside those of our services: what each may do, in Valkey's words.
   * @default none
   */
  readonly users?: Readonly<Record<string, ValkeyRules>>;

  /**
   * The logical database that the users' addresses lead to.
   * @default 0
   */
  readonly database?: number;

  /**
   * The Secret that holds the passwords, and the addresses with them.
   * @default the name
   */
  readonly secretName?: string;
}
