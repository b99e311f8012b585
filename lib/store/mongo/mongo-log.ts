import type { Collection, Db } from "mongodb";
import { checkBatch } from "../check-batch.ts";
import { checkLimit, type EventLog, type LogEntry } from "../event-log.ts";
import { outOfReach, planLog } from "../log-plan.ts";
import { reasonOf } from "../reason-of.ts";
import type { FoldBatch, FoldResult } from "../store.ts";
import { type EntryDocument, insertEntries, recordOf } from "./insert-entries.ts";
import { makeIndexes, newestFirst } from "./log-indexes.ts";
import { type MongoConnection, mongoConnection } from "./mongo-connection.ts";
import { callTimeoutDefaultMs, type MongoOptions, safely } from "./mongo-options.ts";

/** Which MongoDB and which of its collections a log stands in. */
export interface MongoLogOptions extends MongoOptions {
  /** The entries' collection; the cursors stand beside it in `<collection>.cursors`. */
  readonly collection: string;
  /**
   * After what time since its date an entry is removed (an index with a time to live, whose removal stays with whoever
   * runs the server). It must be longer than brokers keep messages: an event that comes again later is written again.
   * @default entries stay for ever
   */
  readonly retentionMs?: number | undefined;
}

/** Where a partition stands. */
interface CursorDocument {
  readonly _id: string;
  readonly next: number;
}

/**
 * A log in a MongoDB, where the cursor is moved by `$max`. Writers make its indexes at their start, and again where a
 * partition begins, since the data may be new then. Calls fail while the server is away and work again by themselves
 * afterwards.
 *
 * @throws Error where the address is none that the driver can use.
 */
export function mongoLog(options: MongoLogOptions): EventLog {
  const connection = mongoConnection(options);
  const named = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw new Error(`Cannot ${what} ${connection.where}: ${reasonOf(error)}`, { cause: error });
    }
  };
  const parts = partsOf(connection, options);
  let prepared = false;
  const prepare = async (anew: boolean) => {
    if (prepared && !anew) return;
    await connection.call((database) =>
      makeIndexes(database, options.collection, options.retentionMs),
    );
    prepared = true;
  };
  return {
    async apply(batch) {
      checkBatch(batch);
      return named(`log ${batch.events.length} events of lane ${batch.lane} in`, () =>
        apply(parts, prepare, batch),
      );
    },
    cursors: (partitions) =>
      named("read the cursors of", async () => {
        await prepare(false);
        return readCursors(parts, partitions);
      }),
    async newest(limit) {
      checkLimit(limit);
      return named("read", () => readNewest(parts, limit));
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

/** One call each, with its deadline. */
interface Parts {
  entries<T>(work: (entries: Collection<EntryDocument>) => Promise<T>): Promise<T>;
  cursors<T>(work: (cursors: Collection<CursorDocument>) => Promise<T>): Promise<T>;
}

function partsOf(connection: MongoConnection, options: MongoLogOptions): Parts {
  const { collection, callTimeoutMs = callTimeoutDefaultMs } = options;
  const writeConcern = safely(callTimeoutMs);
  const entries = (database: Db) =>
    database.collection<EntryDocument>(collection, { writeConcern });
  const cursors = (database: Db) =>
    database.collection<CursorDocument>(`${collection}.cursors`, { writeConcern });
  return {
    entries: (work) => connection.call((database) => work(entries(database))),
    cursors: (work) => connection.call((database) => work(cursors(database))),
  };
}

async function apply(
  parts: Parts,
  prepare: (anew: boolean) => Promise<void>,
  batch: FoldBatch,
): Promise<FoldResult> {
  const { range } = batch;
  const cursor = range === undefined ? 0 : await cursorOf(parts, range.partition);
  const unreachable = outOfReach(range, cursor);
  if (unreachable !== undefined) return unreachable;
  await prepare(range !== undefined && cursor === 0);
  const plan = planLog(batch, cursor);
  const result = plan.answer(await parts.entries((entries) => insertEntries(entries, plan.writes)));
  if (range !== undefined && result.status === "applied") {
    await moveCursor(parts, range.partition, range.to);
  }
  return result;
}

async function cursorOf(parts: Parts, partition: string): Promise<number> {
  return (await readCursors(parts, [partition])).get(partition) ?? 0;
}

/** With no partition at all it still asks the server. */
async function readCursors(
  parts: Parts,
  partitions: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const found = await parts.cursors((cursors) =>
    cursors.find({ _id: { $in: [...partitions] } }).toArray(),
  );
  return new Map(found.map(({ _id, next }) => [_id, next]));
}

async function moveCursor(parts: Parts, partition: string, next: number): Promise<void> {
  await parts.cursors((cursors) =>
    cursors.updateOne({ _id: partition }, { $max: { next } }, { upsert: true }),
  );
}

async function readNewest(parts: Parts, limit: number): Promise<readonly LogEntry[]> {
  const found = await parts.entries((entries) =>
    entries.find().sort(newestFirst).limit(limit).toArray(),
  );
  return found.map((document) => ({
    id: String(document._id),
    date: document.date,
    record: recordOf(document),
  }));
}
