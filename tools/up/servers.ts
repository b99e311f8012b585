import type { Child } from "../parts/child.ts";
import type { StepState } from "../parts/provision.ts";
import type { WatchedValkey } from "../parts/valkey-sentinels.ts";

/** Told how each step goes, with the milliseconds since it began. */
export type OnProgress = (step: string, state: StepState, ms: number) => void;

/** Where brokers and stores are. */
export interface ServerAddresses {
  /** `host:port` of each broker. */
  readonly kafka: readonly string[];
  /** `amqp://…`. */
  readonly rabbit: string;
  /** RabbitMQ's own page. */
  readonly management: string;
  /** `redis://…`, or `redis+sentinel://…`. */
  readonly valkey: string;
  /** `mongodb://…` with the database; only where a pipeline has a log. */
  readonly mongo?: string | undefined;
}

/** The ports to serve on; all of them on loopback. */
export interface ServerPorts {
  readonly kafka: number;
  readonly rabbit: number;
  readonly management: number;
  readonly valkey: number;
  readonly mongo: number;
}

/** The database of the pipelines' logs, each of which has a collection of its own. */
export const logDatabase = "so1p2";

/** Running brokers and stores. */
export interface Servers {
  readonly addresses: ServerAddresses;
  /** The server processes with their ports; none where containers run them. */
  readonly processes: readonly ServerProcess[];
  /** The servers of a Valkey under sentinels; only where one was asked for. */
  readonly watched?: WatchedValkey | undefined;
}

/** The ports that a process serves, by what they speak. */
export type Ports = Readonly<Partial<Record<string, number>>>;

/** A server process and the ports that it serves. */
export interface ServerProcess {
  readonly child: Child;
  readonly ports: Ports;
}

/** Runs a step and reports it. */
export async function reported<T>(
  step: string,
  onProgress: OnProgress | undefined,
  run: () => Promise<T>,
): Promise<T> {
  const startMs = performance.now();
  const report = (state: StepState) => onProgress?.(step, state, performance.now() - startMs);
  report("running");
  try {
    const result = await run();
    report("done");
    return result;
  } catch (error) {
    report("failed");
    throw error;
  }
}
