import { type FoldPlan, flatText, fromFlat, type KeyType, type Newest } from "../fold-plan.ts";
import type { CheckedPlan } from "./check-plan.ts";
import type { Data, KeyRow } from "./data.ts";

/** Writes a plan that was checked in the same transaction; what has expired by `nowMs` already leaves nothing. */
export function writePlan(
  plan: FoldPlan,
  { counters, hashes }: CheckedPlan,
  data: Data,
  nowMs: number,
): void {
  for (const [key, value] of counters) {
    data.put(key, { ...rowOf(data, key, "string", nowMs), value: String(value) }, nowMs);
  }
  for (const [key, fields] of hashes) {
    ensure(data, key, "hash", nowMs);
    for (const [field, value] of fields) data.setField(key, field, String(value));
  }
  for (const [key, { items, maxLength }] of plan.streams) {
    ensure(data, key, "stream", nowMs);
    const bodies = items.slice(-maxLength).map(({ fields }) => JSON.stringify(flatText(fields)));
    data.append(key, bodies, maxLength);
  }
  for (const [key, { items, maxLength, expiresMs }] of plan.lists) {
    ensureList(data, key, expiresMs, nowMs);
    data.append(key, items, maxLength);
    dropIfOver(data, key, nowMs);
  }
  for (const [key, newest] of plan.values) {
    writeNewest(data, key, "string", newest, nowMs, (row) =>
      data.put(key, { ...row, value: newest.content }, nowMs),
    );
  }
  for (const [key, records] of plan.records) {
    for (const record of records) {
      writeNewest(data, key, "hash", record, nowMs, (row) => {
        data.put(key, row, nowMs);
        for (const [field, value] of Object.entries(fromFlat(flatText(record.content)))) {
          data.setField(key, field, value);
        }
      });
    }
  }
}

function rowOf(data: Data, key: string, type: KeyType, nowMs: number): KeyRow {
  return data.get(key, nowMs) ?? { type, value: "", version: "", expiresMs: null };
}

function ensure(data: Data, key: string, type: KeyType, nowMs: number): void {
  if (data.get(key, nowMs) === undefined) data.put(key, rowOf(data, key, type, nowMs), nowMs);
}

/** A list lives as long as the value that lives longest; one without a limit keeps none. */
function ensureList(data: Data, key: string, expiresMs: number | undefined, nowMs: number): void {
  const before = data.get(key, nowMs);
  const row = rowOf(data, key, "list", nowMs);
  if (before === undefined) data.put(key, { ...row, expiresMs: expiresMs ?? null }, nowMs);
  else if (before.expiresMs !== null && (expiresMs ?? 0) > before.expiresMs) {
    data.put(key, { ...row, expiresMs: expiresMs ?? null }, nowMs);
  }
}

function writeNewest<T>(
  data: Data,
  key: string,
  type: KeyType,
  { id, expiresMs }: Newest<T>,
  nowMs: number,
  write: (row: KeyRow) => void,
): void {
  const row = rowOf(data, key, type, nowMs);
  if (id <= row.version) return;
  write({ ...row, version: id, expiresMs: expiresMs ?? null });
  dropIfOver(data, key, nowMs);
}

function dropIfOver(data: Data, key: string, nowMs: number): void {
  if (data.get(key, nowMs) === undefined) data.drop(key);
}
