import type { Database } from "bun:sqlite";
import type { LogRecord } from "../../pipeline/log-form.ts";
import { checkBatch } from "../check-batch.ts";
import { checkLimit, type EventLog } from "../event-log.ts";
import { type LogWrite, outOfReach, planLog, type Written } from "../log-plan.ts";
import { sameRecord } from "../log-record.ts";
import type { FoldBatch, FoldResult } from "../store.ts";
import { inTransaction, onFile, openDatabase } from "./database.ts";
import { createProgress, type Progress, progressSchema } from "./progress.ts";

/** Where an embedded log stands. */
export interface EmbeddedLogOptions {
  /** The database's file, or `:memory:`. It must not be a store's, which has cursors of its own. */
  readonly file: string;
}

const schema = [
  "CREATE TABLE IF NOT EXISTS entries (id TEXT PRIMARY KEY, dateMs INTEGER, record TEXT) WITHOUT ROWID, STRICT",
  "CREATE INDEX IF NOT EXISTS entriesByDate ON entries (dateMs, id)",
  ...progressSchema,
];

/** A log in a file of this machine: records and cursor move together, and survive the process's end. */
export function embeddedLog({ file }: EmbeddedLogOptions): EventLog {
  const database = openDatabase(file, schema);
  const entries = createEntries(database);
  const progress = createProgress(database);
  const named = <T>(what: string, work: () => T): T => onFile(file, what, work);
  return {
    async apply(batch) {
      checkBatch(batch);
      return named(`log ${batch.events.length} events of lane ${batch.lane} in`, () =>
        inTransaction(
          database,
          () => apply(entries, progress, batch),
          ({ status }) => status === "applied",
        ),
      );
    },
    cursors: async (partitions) => named("read the cursors of", () => progress.cursors(partitions)),
    async newest(limit) {
      checkLimit(limit);
      return named("read", () =>
        entries.newest(limit).map(({ id, dateMs, record }) => ({
          id,
          date: new Date(dateMs),
          record: JSON.parse(record) as LogRecord,
        })),
      );
    },
    async [Symbol.asyncDispose]() {
      database.close();
    },
  };
}

function apply(entries: Entries, progress: Progress, batch: FoldBatch): FoldResult {
  const { range } = batch;
  const cursor = range === undefined ? 0 : progress.cursor(range.partition);
  const plan = planLog(batch, cursor);
  const result = outOfReach(range, cursor) ?? plan.answer(plan.writes.map(entries.write));
  if (range !== undefined && result.status === "applied") {
    progress.setCursor(range.partition, range.to);
  }
  return result;
}

interface Row {
  readonly id: string;
  readonly dateMs: number;
  readonly record: string;
}

interface Entries {
  write(entry: LogWrite): Written;
  newest(limit: number): readonly Row[];
}

function createEntries(database: Database): Entries {
  const insert = database.prepare<null, [string, number, string]>(
    "INSERT INTO entries VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const find = database.prepare<{ record: string }, [string]>(
    "SELECT record FROM entries WHERE id = ?",
  );
  const newest = database.prepare<Row, [number]>(
    "SELECT id, dateMs, record FROM entries ORDER BY dateMs DESC, id DESC LIMIT ?",
  );
  return {
    write({ id, dateMs, record }) {
      if (insert.run(id, dateMs, JSON.stringify(record)).changes > 0) return "applied";
      const standing = JSON.parse(find.get(id)?.record ?? "{}") as LogRecord;
      return sameRecord(standing, record) ? "duplicate" : "conflict";
    },
    newest: (limit) => newest.all(limit),
  };
}
