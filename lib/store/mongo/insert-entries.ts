import { type Collection, MongoBulkWriteError, type WriteError } from "mongodb";
import type { LogRecord } from "../../pipeline/log-form.ts";
import type { LogWrite, Written } from "../log-plan.ts";
import { sameRecord } from "../log-record.ts";

/** An entry as it stands in the collection; one of somebody else's may have an `_id` of another type. */
export interface EntryDocument {
  readonly _id: string;
  readonly date: Date;
  readonly [field: string]: unknown;
}

/** Server errors of one document that trying again at once cannot mend (`error_codes.yml` of MongoDB). */
const duplicateKey = 11_000;
const failedValidation = 121;

/**
 * Inserts entries that are not there yet and says what came of each. Those that the collection itself cannot take (a rule
 * or a unique index of somebody else) are refused.
 *
 * @throws Error where the server is away, or cannot say that a majority has what it took.
 */
export async function insertEntries(
  collection: Collection<EntryDocument>,
  writes: readonly LogWrite[],
): Promise<readonly Written[]> {
  const faults = await insert(collection, writes);
  if (faults.size === 0) return writes.map(() => "applied");
  const standing = await standingRecords(
    collection,
    [...faults].flatMap(([index, { code }]) =>
      code === duplicateKey ? [writes[index]?.id ?? ""] : [],
    ),
  );
  return writes.map(({ id, record }, index): Written => {
    const fault = faults.get(index);
    if (fault === undefined) return "applied";
    const there = fault.code === duplicateKey ? standing.get(id) : undefined;
    if (there === undefined) return { refused: fault.errmsg ?? `error ${fault.code}` };
    return sameRecord(there, record) ? "duplicate" : "conflict";
  });
}

/** The faults of single documents, by index. */
async function insert(
  collection: Collection<EntryDocument>,
  writes: readonly LogWrite[],
): Promise<ReadonlyMap<number, WriteError>> {
  if (writes.length === 0) return new Map();
  try {
    await collection.insertMany(writes.map(documentOf), { ordered: false });
    return new Map();
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const faults = [error.writeErrors].flat();
    const known = faults.every(({ code }) => code === duplicateKey || code === failedValidation);
    const unheld = error.result.getWriteConcernError() !== undefined;
    if (faults.length === 0 || !known || unheld) throw error;
    return new Map(faults.map((fault) => [fault.index, fault]));
  }
}

function documentOf({ id, dateMs, record }: LogWrite): EntryDocument {
  return { _id: id, ...record, date: new Date(dateMs) };
}

async function standingRecords(
  collection: Collection<EntryDocument>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LogRecord>> {
  const found = await collection.find({ _id: { $in: [...new Set(ids)] } }).toArray();
  return new Map(found.map((document) => [document._id, recordOf(document)]));
}

/** What an entry holds beside id and date; of somebody else's entries, fields of other types as text. */
export function recordOf({ _id, date, ...fields }: EntryDocument): LogRecord {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [
      field,
      typeof value === "string" || typeof value === "number" ? value : String(value),
    ]),
  );
}
