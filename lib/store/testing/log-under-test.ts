import { eventTimeMs } from "../../event/event-id.ts";
import type { LogRecord } from "../../pipeline/log-form.ts";
import { type EventLog, type LogEntry, newestMax } from "../event-log.ts";
import type { FoldEvent } from "../store.ts";
import { eventOf } from "./fold-events.ts";

/** One log's data, made for one test and gone after it. */
export interface LogUnderTest extends AsyncDisposable {
  /** A handle on the data; all handles stand on the same. */
  connect(): EventLog;
}

/** A driver as the suite sees it. */
export interface LogDriverUnderTest {
  readonly name: string;
  /** Fresh and empty data. */
  fresh(): LogUnderTest;
}

/** An event that a log keeps. */
export function logged(
  record: LogRecord = { name: "Soda Stereo", rank: "1" },
  given: Parameters<typeof eventOf>[1] = {},
): FoldEvent {
  return eventOf([], { record, ...given });
}

/** Some events that a log keeps, told apart by `number`. */
export function loggedMany(count: number): FoldEvent[] {
  return Array.from({ length: count }, (_, number) => logged({ number }));
}

/** Everything that a log of at most 1,000 entries holds. */
export function all(log: EventLog): Promise<readonly LogEntry[]> {
  return log.newest(newestMax);
}

/** What events look like in the log, newest first. */
export function entriesOf(events: readonly FoldEvent[]): LogEntry[] {
  return events
    .map(({ id, record = {} }) => ({ id, date: new Date(eventTimeMs(id)), record }))
    .sort((a, b) => (a.id < b.id ? 1 : -1));
}
