import type { DeliveredMessage } from "./message.ts";

/**
 * Looks at what a lane has set aside and leaves it as it is: nothing is taken, moved, reordered or counted as delivered,
 * however often it is looked at.
 *
 * A lane that never set anything aside has no messages. Both methods reject where the broker does not answer in time.
 */
export interface DeadLetterReader extends AsyncDisposable {
  /** Up to `limit` messages, the newest first; one that was set aside twice under its id is there once. */
  newest(limit: number): Promise<readonly DeliveredMessage[]>;
  /** How many messages wait to be dealt with. */
  waiting(): Promise<number>;
}

/** The first `limit` of messages that stand newest first, each id once. */
export function eachOnce(
  messages: readonly DeliveredMessage[],
  limit: number,
): readonly DeliveredMessage[] {
  const ids = new Set<string>();
  const once = messages.filter(({ id }) => {
    if (id === undefined) return true;
    if (ids.has(id)) return false;
    ids.add(id);
    return true;
  });
  return once.slice(0, limit);
}
