import type { LaneOutcomes } from "../broker/lane-outcomes.ts";
import { PublishError, type PublishErrorCode } from "../broker/publish-error.ts";
import type { Publisher, PublishResult } from "../broker/publisher.ts";

/** How a memory publisher behaves from now on; every part may be changed at any time. */
export interface MemoryBehaviour {
  /** Answers every event with this error; undefined stores them. */
  fail: PublishErrorCode | undefined;
  /** The lanes that the answers name. */
  lanes: LaneOutcomes | undefined;
  /** Holds answers back until it resolves, or until an event's deadline. */
  hold: Promise<unknown> | undefined;
  ready: boolean;
}

/** A publisher that keeps what it stores in `stored`: the reference for drivers and the other side of doors in tests. */
export function memoryPublisher<T>(): Publisher<T> & {
  readonly stored: readonly T[];
  readonly behaviour: MemoryBehaviour;
  /** How many calls of `publish` are not answered yet. */
  readonly inFlight: number;
  readonly disposed: boolean;
} {
  const stored: T[] = [];
  const inFlight = new Set<Promise<unknown>>();
  const behaviour: MemoryBehaviour = {
    fail: undefined,
    lanes: undefined,
    hold: undefined,
    ready: true,
  };
  let disposed = false;

  async function publishOne(event: T, deadlineAtMs: number): Promise<PublishResult> {
    const { fail, lanes } = behaviour;
    if (!(await heldUntil(behaviour.hold, deadlineAtMs))) return failure("deadline", lanes);
    if (fail !== undefined) return failure(fail, lanes);
    stored.push(event);
    return lanes === undefined ? { stored: true } : { stored: true, lanes };
  }

  return {
    stored,
    behaviour,
    get inFlight() {
      return inFlight.size;
    },
    get disposed() {
      return disposed;
    },
    publish: async (events, { deadlineAtMs }) => {
      const all = Promise.all(events.map((event) => publishOne(event, deadlineAtMs)));
      inFlight.add(all);
      return all.finally(() => inFlight.delete(all));
    },
    ready: async () => behaviour.ready,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(inFlight);
      disposed = true;
    },
  };
}

function failure(code: PublishErrorCode, lanes: LaneOutcomes | undefined): PublishResult {
  const error = new PublishError(
    code,
    `told to fail: ${code}`,
    lanes === undefined ? {} : { lanes },
  );
  return { stored: false, error };
}

/** Whether `hold` resolved before the deadline. */
async function heldUntil(
  hold: Promise<unknown> | undefined,
  deadlineAtMs: number,
): Promise<boolean> {
  const leftMs = deadlineAtMs - Date.now();
  if (leftMs <= 0) return false;
  if (hold === undefined) return true;
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), leftMs);
  try {
    return await Promise.race([hold.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
