import { Database } from "bun:sqlite";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { reasonOf } from "../reason-of.ts";

/** How long a call waits for another process that writes; it blocks this process meanwhile. */
const busyTimeoutMs = 2_000;

/**
 * Opens (or makes) a database whose commits are on the disk when they return, whatever then happens to the process.
 * `:memory:` is one of its own that ends with it.
 *
 * @throws Error where the file cannot be opened.
 */
export function openDatabase(file: string, schema: readonly string[]): Database {
  return onFile(file, "open", () => {
    if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
    const database = new Database(file, { create: true, strict: true });
    // First of all: the other lines need the lock already.
    database.run(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    database.run("PRAGMA journal_mode = WAL");
    database.run("PRAGMA synchronous = FULL");
    database.run("PRAGMA cache_size = -32000");
    for (const statement of schema) database.run(statement);
    return database;
  });
}

/** Runs `work` on a file; `what` is done to it, for the sentence of an error. */
export function onFile<T>(file: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`Cannot ${what} ${file}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Runs `work` in one transaction that writes; `keep` decides to commit or to undo it, throwing undoes it. */
export function inTransaction<T>(
  database: Database,
  work: () => T,
  keep: (result: T) => boolean,
): T {
  return between(database, "BEGIN IMMEDIATE", work, keep);
}

/** Runs `work`, which only reads, on one state of the database. */
export function inSnapshot<T>(database: Database, work: () => T): T {
  return between(database, "BEGIN", work, () => false);
}

function between<T>(
  database: Database,
  begin: string,
  work: () => T,
  keep: (result: T) => boolean,
): T {
  database.run(begin);
  try {
    const result = work();
    database.run(keep(result) ? "COMMIT" : "ROLLBACK");
    return result;
  } catch (error) {
    // A full disk may have ended the transaction already.
    if (database.inTransaction) database.run("ROLLBACK");
    throw error;
  }
}
