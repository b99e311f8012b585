import type { Database } from "bun:sqlite";
import type { KeyType } from "../fold-plan.ts";

/** A key that has not expired. */
export interface KeyRow {
  readonly type: KeyType;
  /** What a string holds. */
  readonly value: string;
  /** The id that wrote its fields or its value last; "" where none did. */
  readonly version: string;
  readonly expiresMs: number | null;
}

/** The users' data, as text throughout, as Valkey has it. Expired keys are gone for every reader. */
export interface Data {
  get(key: string, nowMs: number): KeyRow | undefined;
  /** Writes a key's row; where it had expired, nothing of what it held is left. */
  put(key: string, row: KeyRow, nowMs: number): void;
  drop(key: string): void;
  field(key: string, field: string): string | undefined;
  setField(key: string, field: string, value: string): void;
  fields(key: string): [field: string, value: string][];
  /** Appends to a stream or list, of which the newest `maxLength` stay. */
  append(key: string, items: readonly string[], maxLength: number): void;
  /** The newest `limit` items, newest first. */
  newest(key: string, limit: number): string[];
  /** Drops at most `keysMax` expired keys. */
  sweep(nowMs: number, keysMax: number): void;
}

/** The tables that data stands in. */
export const dataSchema = [
  `CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, type TEXT, value TEXT, version TEXT, expiresMs INTEGER)
   WITHOUT ROWID, STRICT`,
  "CREATE INDEX IF NOT EXISTS expiring ON keys (expiresMs) WHERE expiresMs IS NOT NULL",
  `CREATE TABLE IF NOT EXISTS fields (key TEXT, field TEXT, value TEXT, PRIMARY KEY (key, field))
   WITHOUT ROWID, STRICT`,
  "CREATE TABLE IF NOT EXISTS items (key TEXT, seq INTEGER, body TEXT, PRIMARY KEY (key, seq)) WITHOUT ROWID, STRICT",
];

/** The data in `database`, to be used within a transaction. */
export function createData(database: Database): Data {
  const getKey = database.prepare<KeyRow, [string]>(
    "SELECT type, value, version, expiresMs FROM keys WHERE key = ?",
  );
  const putKey = database.prepare<null, [string, string, string, string, number | null]>(
    "REPLACE INTO keys VALUES (?, ?, ?, ?, ?)",
  );
  const getField = database.prepare<{ value: string }, [string, string]>(
    "SELECT value FROM fields WHERE key = ? AND field = ?",
  );
  const setField = database.prepare<null, [string, string, string]>(
    "REPLACE INTO fields VALUES (?, ?, ?)",
  );
  const allFields = database.prepare<{ field: string; value: string }, [string]>(
    "SELECT field, value FROM fields WHERE key = ?",
  );
  const last = database.prepare<{ seq: number | null }, [string]>(
    "SELECT max(seq) AS seq FROM items WHERE key = ?",
  );
  const addItem = database.prepare<null, [string, number, string]>(
    "INSERT INTO items VALUES (?, ?, ?)",
  );
  const trim = database.prepare<null, [string, number]>(
    "DELETE FROM items WHERE key = ? AND seq <= ?",
  );
  const newestItems = database.prepare<{ body: string }, [string, number]>(
    "SELECT body FROM items WHERE key = ? ORDER BY seq DESC LIMIT ?",
  );
  const expired = database.prepare<{ key: string }, [number, number]>(
    "SELECT key FROM keys WHERE expiresMs <= ? ORDER BY expiresMs LIMIT ?",
  );
  const drops = ["keys", "fields", "items"].map((table) =>
    database.prepare<null, [string]>(`DELETE FROM ${table} WHERE key = ?`),
  );
  const drop = (key: string) => {
    for (const statement of drops) statement.run(key);
  };
  const isOver = (row: KeyRow, nowMs: number) => row.expiresMs !== null && row.expiresMs <= nowMs;

  return {
    get(key, nowMs) {
      const row = getKey.get(key);
      return row === null || isOver(row, nowMs) ? undefined : row;
    },
    put(key, { type, value, version, expiresMs }, nowMs) {
      const before = getKey.get(key);
      if (before !== null && isOver(before, nowMs)) drop(key);
      putKey.run(key, type, value, version, expiresMs);
    },
    drop,
    field: (key, field) => getField.get(key, field)?.value,
    setField: (key, field, value) => void setField.run(key, field, value),
    fields: (key) => allFields.all(key).map(({ field, value }) => [field, value]),
    append(key, items, maxLength) {
      let seq = last.get(key)?.seq ?? 0;
      for (const item of items.slice(-maxLength)) {
        seq++;
        addItem.run(key, seq, item);
      }
      trim.run(key, seq - maxLength);
    },
    newest: (key, limit) => newestItems.all(key, limit).map(({ body }) => body),
    sweep(nowMs, keysMax) {
      for (const { key } of expired.all(nowMs, keysMax)) drop(key);
    },
  };
}
