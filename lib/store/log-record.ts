import type { LogRecord } from "../pipeline/log-form.ts";
import { wellFormed } from "./fold-plan.ts";

/** Names that the log itself gives. */
const reserved: readonly string[] = ["_id", "date"];

/** Why no log could write a record; undefined where all can. */
export function recordFault(record: LogRecord | undefined): string | undefined {
  if (record === undefined) return "the event has no record";
  for (const [field, value] of Object.entries(record)) {
    if (field === "" || reserved.includes(field) || /^\$|[.\0]/.test(field)) {
      return `the record has a field that no log takes: current value is ${JSON.stringify(field)}`;
    }
    if (typeof value === "number" && !Number.isFinite(value)) {
      return `${field} of the record must be finite: current value is ${value}`;
    }
  }
  return undefined;
}

/** A record as logs hold it: half characters, which have no UTF-8 form, replaced, and zero without a sign. */
export function storedRecord(record: LogRecord): LogRecord {
  return Object.fromEntries(
    Object.entries(record).map(([field, value]) => [
      wellFormed(field),
      typeof value === "string" ? wellFormed(value) : value + 0,
    ]),
  );
}

/** Whether two records as logs hold them are the same, whatever the order of their fields. */
export function sameRecord(one: LogRecord, other: LogRecord): boolean {
  const fields = Object.keys(one);
  return (
    fields.length === Object.keys(other).length &&
    fields.every((field) => Object.hasOwn(other, field) && one[field] === other[field])
  );
}
