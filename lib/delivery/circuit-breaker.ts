import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhenResult,
  isBrokenCircuitError,
} from "cockatiel";
import { PublishError } from "../broker/publish-error.ts";
import type { Publisher, PublishOptions, PublishResult } from "../broker/publisher.ts";

/** When a lane's circuit opens, and for how long. */
export interface CircuitOptions {
  /** The lane's name, for messages. */
  readonly lane: string;
  /** So many calls in a row that stored nothing open the circuit. @default 20 */
  readonly failuresMax?: number;
  /** How long it stays open before one call is let through, in milliseconds; grows up to four times that. @default 250 */
  readonly openMs?: number;
  /** How long a call must have waited, or be able to wait, before its deadline says anything of the lane. @default 1000 */
  readonly fairMs?: number;
  /** Hears when it opens and when it closes again. */
  readonly onChange?: (isOpen: boolean) => void;
}

type Results = readonly PublishResult[];

/**
 * Takes a lane that confirms nothing out of the way: once call after call has failed by its deadline, events fail at once,
 * instead of holding their place at the door for as long as their deadline lasts, where those of a living lane need it. One
 * call at a time finds out whether the lane is back.
 *
 * Refusals say nothing of the lane, nor do deadlines that a client made short. Nothing was sent of an event that fails this
 * way: `unavailable`.
 */
export function breaking<T>(publisher: Publisher<T>, options: CircuitOptions): Publisher<T> {
  const { lane, failuresMax = 20, openMs = 250, fairMs = 1_000, onChange } = options;
  const circuit = circuitBreaker(handleWhenResult(isFailure), {
    breaker: new ConsecutiveBreaker(failuresMax),
    halfOpenAfter: new ExponentialBackoff({ initialDelay: openMs, maxDelay: openMs * 4 }),
  });
  circuit.onBreak(() => onChange?.(true));
  circuit.onReset(() => onChange?.(false));

  function cut(events: readonly T[]): Results {
    const why = `Cannot publish to ${lane}: it stored nothing of the last ${failuresMax} calls`;
    return events.map(() => ({ stored: false, error: new PublishError("unavailable", why) }));
  }

  async function judged(events: readonly T[], publishOptions: PublishOptions): Promise<Results> {
    const beganMs = performance.now();
    const results = await publisher.publish(events, publishOptions);
    if (saysMuch(results, performance.now() - beganMs >= fairMs)) return results;
    throw new Undecided(results);
  }

  /** Whether a call may not find out either; the library would have calls wait for what becomes of the one that does. */
  function isCut({ deadlineAtMs }: PublishOptions): boolean {
    const { state } = circuit;
    if (state === CircuitState.Closed) return false;
    return state === CircuitState.HalfOpen || deadlineAtMs - Date.now() < fairMs;
  }

  return {
    publish: async (events, publishOptions) => {
      if (isCut(publishOptions)) return cut(events);
      try {
        return await circuit.execute(() => judged(events, publishOptions));
      } catch (error) {
        if (error instanceof Undecided) return error.results;
        if (isBrokenCircuitError(error)) return cut(events);
        throw error;
      }
    },
    ready: () => publisher.ready(),
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  };
}

/** Results that the circuit is to take for neither success nor failure. */
class Undecided extends Error {
  readonly results: Results;

  constructor(results: Results) {
    super("the results say nothing of the lane");
    this.results = results;
  }
}

/** Whether something was stored, or failed for want of the lane and not of time. */
function saysMuch(results: Results, waitedFairly: boolean): boolean {
  return results.some(
    (each) =>
      each.stored ||
      each.error.code === "unavailable" ||
      (each.error.code === "deadline" && waitedFairly),
  );
}

/** Of results that say much. */
function isFailure(results: unknown): boolean {
  return !(results as Results).some(({ stored }) => stored);
}
