/** How many requests may be in flight at one time, by how those before them fared. */
export interface AdaptiveLimit {
  /** Takes a place; undefined where as many are taken as may be. */
  enter(): Place | undefined;
  /** Whether there is a place now. */
  hasRoom(): boolean;
  /** The limit now. */
  readonly limit: number;
  readonly inFlight: number;
}

/** A place among what is in flight. */
export interface Place {
  /** Gives the place back, once. */
  leave(fate?: Fate): void;
}

/**
 * What became of a request: `done`, whether well or not; `overloaded`, what lies behind had no room; `unavailable`, what
 * lies behind is not there, which says nothing of how many may be in flight.
 */
export type Fate = "done" | "overloaded" | "unavailable";

/** How a limit adapts. */
export interface AdaptiveLimitOptions {
  /** The hard cap, and the limit at first. */
  readonly max: number;
  /** So few are never too many: the limit does not fall below this, or below `max` where that is less. @default 256 */
  readonly min?: number;
  /** A request that took longer says that too many are in flight, in milliseconds. */
  readonly slowMs: number;
  readonly clock: () => number;
}

/** At the slowest that is not slow, half a second, still 512 events a second. */
const minDefault = 256;

/** What is left of the limit after a bad sign: CUBIC's (RFC 9438, section 4.6). */
const backoff = 0.7;

/**
 * Additive increase, multiplicative decrease, as in `AIMDLimit` of Netflix's concurrency-limits
 * (https://github.com/Netflix/concurrency-limits): a request that was slow or had no room behind us lowers the limit by a
 * third, any other raises it by one where at least half of it was used. Differences: the limit begins at its cap, since
 * it guards memory and not a fleet; of the requests that were in flight together only the first lowers it, as in TCP, so
 * that one stall is one bad sign; what is slow among few is slow for another reason; and a broker that is away is for a
 * lane's circuit breaker, not for this.
 */
export function adaptiveLimit(options: AdaptiveLimitOptions): AdaptiveLimit {
  const { max, slowMs, clock } = options;
  const min = Math.min(max, options.min ?? minDefault);
  let limit = max;
  let inFlight = 0;
  /** Counts up with each decrease: who entered before the last one says nothing new. */
  let round = 0;

  function learn(bad: boolean, enteredIn: number, together: number): void {
    if (!bad) {
      if (together * 2 >= limit) limit = Math.min(max, limit + 1);
    } else if (enteredIn === round && together >= min) {
      limit = Math.max(min, Math.floor(limit * backoff));
      round += 1;
    }
  }

  return {
    enter: () => {
      if (inFlight >= limit) return undefined;
      inFlight += 1;
      const enteredAtMs = clock();
      const enteredIn = round;
      let left = false;
      return {
        leave: (fate = "done") => {
          if (left) return;
          left = true;
          const isSlow = clock() - enteredAtMs > slowMs;
          if (fate !== "unavailable") learn(fate === "overloaded" || isSlow, enteredIn, inFlight);
          inFlight -= 1;
        },
      };
    },
    hasRoom: () => inFlight < limit,
    get limit() {
      return limit;
    },
    get inFlight() {
      return inFlight;
    },
  };
}
