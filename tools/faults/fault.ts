import type { Policy } from "../../lib/pipeline/station.ts";
import type { ClientLedger, Effect } from "./instrument/client-ledger.ts";
import type { OpenClient } from "./instrument/open-client.ts";
import type { Rig, RigSpec } from "./rig.ts";

/** What a faulty system must keep; `ARCHITECTURE.md` and the page say what each means. */
export const invariants = ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9"] as const;

/** One of `invariants`. */
export type Invariant = (typeof invariants)[number];

/** What a fault works on. */
export interface FaultContext {
  readonly rig: Rig;
  /** What must have stored an event before a success reply. */
  readonly target: Policy;
  /** Whether what takes minutes is cut short. */
  readonly short: boolean;
  readonly client: OpenClient;
  readonly ledger: ClientLedger;
  readonly signal: AbortSignal;
  /** Tells how far it is. */
  say(text: string): void;
  /** Keeps a figure for the table. */
  note(text: string): void;
  /** Notes something that was expected and did not hold. */
  miss(text: string): void;
  /** Counts that others than the client raised: foreign messages, redriven letters. */
  also(effects: readonly Effect[]): void;
  /** The topic does not hold any more what was acknowledged: nobody may look there. */
  topicIsGone(): void;
}

/** One fault of the list, or a few that are close. */
export interface Fault {
  /** Its numbers in the list of faults. */
  readonly numbers: readonly number[];
  readonly name: string;
  /** What happens, in a few words. */
  readonly title: string;
  readonly rig: RigSpec;
  /** The policies that it is tried under. */
  readonly targets: readonly Policy[];
  /** Why not under the others. */
  readonly notWith?: string;
  /** The policies of the short form. @default none */
  readonly short?: readonly Policy[];
  /** Events a second that clients offer from before the fault until after it. */
  readonly perSecond: number;
  /** How long it lasts. @default no longer than `strike` takes */
  readonly lastsMs?: number;
  /** The same in the short form. @default lastsMs */
  readonly shortMs?: number;
  /** How soon an event must be acknowledged once it is over. @default 30000 */
  readonly recoverMs?: number;
  /** How long the stores may take to have everything. @default 60000 */
  readonly drainMs?: number;
  /** Whether keyed messages are published beside the load, whose order is looked at. @default false */
  readonly ordered?: boolean;
  /** Invariants that it is not about, each with the reason. */
  readonly exempt?: Partial<Readonly<Record<Invariant, string>>>;
  /** Whether the system is of no use afterwards. @default false */
  readonly spoils?: boolean;
  /** Does it. */
  strike(context: FaultContext): Promise<void>;
  /** Ends it. @default it ends by itself */
  heal?(context: FaultContext): Promise<void>;
  /** Looks at what is expected beside the invariants, when everything has come to rest. */
  expect?(context: FaultContext): Promise<void>;
}
