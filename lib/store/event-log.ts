import type { LogRecord } from "../pipeline/log-form.ts";
import type { Store } from "./store.ts";

/** Where a lane's events take an effect, and how far they have come there: a store or a log. */
export type Sink = Pick<Store, "apply" | "cursors">;

/** One entry of a log. */
export interface LogEntry {
  /** The event's id; of an entry that somebody else wrote, its `_id` as text. */
  readonly id: string;
  /** The time of the event's id. */
  readonly date: Date;
  readonly record: LogRecord;
}

/** The most entries that `newest` answers. */
export const newestMax = 1_000;

/**
 * A pipeline's log: the record of each event once, under the event's id, with the time of that id.
 *
 * `apply` writes a record unless one stands under its id: the same one makes the event a `duplicate`, another one a
 * `conflict`, and then the answer is `unsettled`. Records that nobody could write are `refused`. Events set aside are not
 * written, operations are ignored, and nothing is ever `late`: an id is known as long as its entry stands.
 *
 * The log has a cursor of its own for each partition, which never goes back. It is moved after the records are on the
 * disk of a majority, in a step of its own: writing them is idempotent, so a crash in between repeats writes that find
 * themselves, and each event stands there exactly once all the same. For the same reason a part of a batch may have been
 * written where `apply` rejects or answers `unsettled` or `refused`: the batch may be applied again, and what was written
 * is then a `duplicate`. The answer comes from the log's server or file, never from memory.
 *
 * `newest` answers the entries of the latest dates, latest first and by falling ids within one date; its limit is 1 to
 * 1,000. It works for who may only read.
 */
export interface EventLog extends Sink, AsyncDisposable {
  newest(limit: number): Promise<readonly LogEntry[]>;
}

/**
 * Tells a programming error.
 *
 * @throws Error where `newest` cannot answer that many entries.
 */
export function checkLimit(limit: number): void {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= newestMax) return;
  throw new Error(
    `Cannot read the newest entries: limit must be 1 to ${newestMax}: current value is ${limit}`,
  );
}
