import type { Publisher } from "../broker/publisher.ts";

/** How long an event that was stored speaks for what stored it. */
export interface ProvenOptions {
  /** In milliseconds. @default 1000 */
  readonly provenMs?: number;
  /** A clock that never goes back, in milliseconds. */
  readonly clock?: () => number;
}

/**
 * Ready without asking while events get stored: that proves more than a probe, which waits in line with them. Under
 * overload a probe would be too late, and a process be taken out of service that does all it can.
 */
export function provenReady<T>(publisher: Publisher<T>, options: ProvenOptions = {}): Publisher<T> {
  const { provenMs = 1_000, clock = () => performance.now() } = options;
  let provenUntilMs = Number.NEGATIVE_INFINITY;
  return {
    publish: async (events, publishOptions) => {
      const results = await publisher.publish(events, publishOptions);
      if (results.some(({ stored }) => stored)) provenUntilMs = clock() + provenMs;
      return results;
    },
    ready: async () => clock() < provenUntilMs || publisher.ready(),
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  };
}
