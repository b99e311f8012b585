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

/** Client keys in a file of this machine; the claims of one turn of the event loop are one transaction. */
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
  let waiting: Waiting[] = [];
  const settleAll = () => {
    const batch = waiting;
    waiting = [];
    try {
      const answers = inTransaction(
        database,
        () =>
          batch.map(({ key, id, fingerprint }) =>
            answerTo(() => claim(key, id, fingerprint, Date.now())),
          ),
        () => true,
      );
      for (const [index, { settle }] of batch.entries()) settle(answers[index] ?? noAnswer);
    } catch (error) {
      for (const { settle } of batch) settle({ error });
    }
  };
  return {
    async claim(key, id, fingerprint) {
      const { promise, resolve: settle } = Promise.withResolvers<Answer>();
      if (waiting.length === 0) setImmediate(settleAll);
      waiting.push({ key, id, fingerprint: fingerprint >>> 0, settle });
      const answer = await promise;
      if ("result" in answer) return answer.result;
      const { error } = answer;
      throw new Error(`Cannot claim a key in ${file}: ${reasonOf(error)}`, { cause: error });
    },
    async [Symbol.asyncDispose]() {
      database.close();
    },
  };
}

type Answer = { readonly result: ClaimResult } | { readonly error: unknown };

/** A claim that waits for the next transaction. */
interface Waiting {
  readonly key: string;
  readonly id: EventId;
  readonly fingerprint: number;
  settle(answer: Answer): void;
}

const noAnswer: Answer = { error: new Error("it gave no answer") };

/** One claim's own failure must not undo the others of its transaction. */
function answerTo(work: () => ClaimResult): Answer {
  try {
    return { result: work() };
  } catch (error) {
    return { error };
  }
}
