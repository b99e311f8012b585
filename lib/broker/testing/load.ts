import type { BrokerMessage } from "../message.ts";
import type { Publisher } from "../publisher.ts";
import { messagesOf } from "./messages.ts";

/** What became of the messages of a load. */
export interface LoadResult {
  /** Ids that the broker confirmed. */
  readonly acked: ReadonlySet<string>;
  /** Ids of which it is not known. */
  readonly unknown: ReadonlySet<string>;
  /** The longest that a call took beyond its deadline. */
  readonly overdueMs: number;
}

/** Publishers that never rest. */
export interface Load {
  acked(): number;
  /** Waits for what is in flight. */
  stop(): Promise<LoadResult>;
}

/** Publishes from several loops at once, a few messages each time, each id once. */
export function startLoad(
  publisher: Publisher<BrokerMessage>,
  { loops = 16, batch = 3, deadlineMs = 3_000, pauseMs = 2 } = {},
): Load {
  const acked = new Set<string>();
  const unknown = new Set<string>();
  let overdueMs = 0;
  let stopped = false;
  const loop = async () => {
    while (!stopped) {
      const messages = messagesOf(batch);
      const deadlineAtMs = Date.now() + deadlineMs;
      const results = await publisher.publish(messages, { deadlineAtMs });
      overdueMs = Math.max(overdueMs, Date.now() - deadlineAtMs);
      for (const [i, { id }] of messages.entries()) {
        (results[i]?.stored ? acked : unknown).add(id);
      }
      await Bun.sleep(pauseMs);
    }
  };
  const running = Promise.all(Array.from({ length: loops }, loop));
  return {
    acked: () => acked.size,
    async stop() {
      stopped = true;
      await running;
      return { acked, unknown, overdueMs };
    },
  };
}

/** The acknowledged ids that are not among `delivered`. */
export function missing({ acked }: LoadResult, delivered: ReadonlySet<unknown>): string[] {
  return [...acked].filter((id) => !delivered.has(id));
}
