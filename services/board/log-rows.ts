import type { EventLog } from "../../lib/store/event-log.ts";

/** A record of a pipeline's log as the API shows it: `_id`, the pipeline's fields, and `date` in ISO 8601. */
export type LogRow = Readonly<Record<string, string | number>>;

/** The newest records by date, newest first. */
export async function newestRows(
  log: Pick<EventLog, "newest">,
  limit: number,
): Promise<readonly LogRow[]> {
  const entries = await log.newest(limit);
  return entries.map(({ id, record, date }) => ({ _id: id, ...record, date: date.toISOString() }));
}
