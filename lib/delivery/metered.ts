import type { Publisher } from "../broker/publisher.ts";
import type { RelayMetrics } from "../metrics.ts";

/** Counts what a lane confirmed, and what it may have stored without confirming it. */
export function metered<T>(
  lane: string,
  metrics: RelayMetrics,
  publisher: Publisher<T>,
): Publisher<T> {
  return {
    publish: async (events, options) => {
      const results = await publisher.publish(events, options);
      const stored = results.filter((each) => each.stored).length;
      const unknown = results.filter((each) => !(each.stored || each.error.refused)).length;
      if (stored > 0) metrics.published(lane, stored);
      if (unknown > 0) metrics.unconfirmed(lane, unknown);
      return results;
    },
    ready: () => publisher.ready(),
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  };
}
