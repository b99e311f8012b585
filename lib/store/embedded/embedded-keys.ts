import type { EventId } from "../../event/event-id.ts";
import { type ClaimResult, type Keys, keyWindowMs } from "../keys.ts";
import { reasonOf } from "../reason-of.ts";
import { inTransaction, openDatabase } from "./database.ts";

/** Where embedded keys stand and for how long. */
export interface EmbeddedKeysOptions {
  /** The database's file, or `:memory:`. */
  readonly file: string;
  /** How long a key is remembered. @default 24 hours */
  readonly windowMs?: number;
  /** How many keys are remembered at most; more of them within the window are refused. @default 1,000,000 */
  readonly keysMax?: number;
}

const schema = [
  `CREATE TABLE IF NOT EXISTS claimed (key TEXT PRIMARY KEY, id TEXT, fingerprint INTEGER, expiresMs INTEGER)
   WITHOUT ROWID, STRICT`,
  "CREATE INDEX IF NOT EXISTS claimedExpiring ON claimed (expiresMs)",
  "CREATE TABLE IF NOT EXISTS size (one INTEGER PRIMARY KEY, count INTEGER) STRICT",
  "INSERT INTO size VALUES (1, 0) ON CONFLICT DO NOTHING",
];

/** The most expired keys that one claim removes: more than the one that it adds. */
const sweepMax = 10;

/** Client keys in a file of this machine. */
export function embeddedKeys(options: EmbeddedKeysOptions): Keys {
  const { file, windowMs = keyWindowMs, keysMax = 1_000_000 } = options;
  const database = openDatabase(file, schema);
  const sweep = database.prepare<null, [number, number]>(
    `DELETE FROM claimed WHERE key IN
     (SELECT key FROM claimed WHERE expiresMs <= ? ORDER BY expiresMs LIMIT ?)`,
  );
  const find = database.prepare<{ id: EventId; fingerprint: number }, [string, number]>(
    "SELECT id, fingerprint FROM claimed WHERE key = ? AND expiresMs > ?",
  );
  const insert = database.prepare<null, [string, string, number, number]>(
    "INSERT INTO claimed VALUES (?, ?, ?, ?)",
  );
  const forget = database.prepare<null, [string]>("DELETE FROM claimed WHERE key = ?");
  const size = database.prepare<{ count: number }, []>("SELECT count FROM size");
  const resize = database.prepare<null, [number]>("UPDATE size SET count = ?");

  const remember = (key: string, id: EventId, fingerprint: number, nowMs: number): void => {
    const before = size.get()?.count ?? 0;
    const count = before - sweep.run(nowMs, sweepMax).changes - forget.run(key).changes;
    if (count >= keysMax) throw new Error(`it is full: current value is ${count} keys`);
    insert.run(key, id, fingerprint, nowMs + windowMs);
    resize.run(count + 1);
  };
  const claim = (key: string, id: EventId, fingerprint: number, nowMs: number): ClaimResult => {
    const first = find.get(key, nowMs);
    if (first === null) {
      remember(key, id, fingerprint, nowMs);
      return { claimed: true, id };
    }
    if (first.fingerprint !== fingerprint) return { claimed: false, reason: "other-body" };
    return { claimed: true, id: first.id };
  };
  return {
    async claim(key, id, fingerprint) {
      try {
        return inTransaction(
          database,
          () => claim(key, id, fingerprint >>> 0, Date.now()),
          () => true,
        );
      } catch (error) {
        throw new Error(`Cannot claim a key in ${file}: ${reasonOf(error)}`, { cause: error });
      }
    },
    async [Symbol.asyncDispose]() {
      database.close();
    },
  };
}
