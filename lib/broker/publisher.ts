import type { Policy } from "../pipeline/station.ts";
import type { LaneOutcomes } from "./lane-outcomes.ts";
import type { PublishError } from "./publish-error.ts";

/** When a publisher stops waiting, and what the client prefers. */
export interface PublishOptions {
  /** Milliseconds since the Unix epoch; an event not confirmed by then fails with code `deadline`. */
  readonly deadlineAtMs: number;
  /** The policy that the client prefers for these events: a fan-out chooses by it, a hop passes it on, a broker ignores it. */
  readonly policy?: Policy;
  /** Whether a hop that fails may be asked again: the first door says so, and nobody after it. */
  readonly mayRepeat?: boolean;
}

/** The event is stored: by the broker, or by every lane that the policy requires. */
export interface Stored {
  readonly stored: true;
  readonly lanes?: LaneOutcomes;
  /** The preferred policy, where it was applied. */
  readonly applied?: Policy;
}

/** The event is not known to be stored; `error.code` says whether it may be all the same. */
export interface NotStored {
  readonly stored: false;
  readonly error: PublishError;
}

export type PublishResult = Stored | NotStored;

/**
 * Hands events on: to a broker, to the next hop, or (wrappers) to several of those.
 *
 * `publish` answers once for every event, in order, and never rejects: a broker that is away, a full queue and a
 * deadline are results. `stored: true` is a promise that the event survives the death of any one process. Events of
 * one call, and of calls made one after the other, keep their order per key where the lane keeps order at all. A driver
 * retries within the deadline where a repeat can help; it bounds what it holds and answers `overloaded` beyond that.
 * A publisher is usable at once: a broker that is not there yet makes `publish` fail, never the constructor.
 *
 * Disposing waits for what is in flight (bounded by its deadlines), then disconnects.
 */
export interface Publisher<T> extends AsyncDisposable {
  publish(events: readonly T[], options: PublishOptions): Promise<readonly PublishResult[]>;
  /** Whether the other side answers now; readiness probes ask it. */
  ready(): Promise<boolean>;
}
