import type { Database, Statement } from "bun:sqlite";
import { keepsDeadLetters } from "../dead-letter-lane.ts";

/** A lane of the embedded broker: one partition, whose offsets have no holes. */
export interface Lane {
  readonly number: number;
  readonly name: string;
  /** Names the partition for ever, also beside a file of the same name that was made anew. */
  readonly partition: string;
  /** The first offset that is still there. */
  first: number;
  /** The offset of the next message. */
  next: number;
  /** What every handler had settled when that was last written down. */
  settled: number;
  /** What the messages take, on lanes of dead letters, which are bounded by it. */
  bytes: number | undefined;
  readonly readers: Set<Reader>;
  readonly statements: LaneStatements;
}

/** Somebody who follows a lane. */
export interface Reader {
  /** The next offset that its handler wants. */
  position: number;
  /** Called after every commit that appended to the lane. */
  wake(): void;
}

/** One message as it is stored. */
export interface Row {
  readonly offset: number;
  readonly id: string | null;
  readonly at: number;
  readonly headers: string | null;
  readonly body: Uint8Array;
}

/** What one message takes, and since when it is there. */
export interface RowSize {
  readonly offset: number;
  readonly at: number;
  readonly bytes: number;
}

interface LaneStatements {
  readonly insert: Statement<unknown, [number, string, number, string | null, Uint8Array]>;
  readonly read: Statement<Row, [number, number]>;
  readonly sizes: Statement<RowSize, [number, number]>;
  readonly trim: Statement<unknown, [number]>;
  readonly save: Statement<unknown, [number, number, number, number]>;
}

interface LaneRow {
  readonly number: number;
  readonly uuid: string;
  readonly first: number;
  readonly next: number;
  readonly settled: number;
}

const lanesTable = `CREATE TABLE IF NOT EXISTS lanes (
  number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, uuid TEXT NOT NULL,
  first INTEGER NOT NULL DEFAULT 0, next INTEGER NOT NULL DEFAULT 0, settled INTEGER NOT NULL DEFAULT 0
) STRICT`;

const messagesTable = (number: number) => `CREATE TABLE IF NOT EXISTS messages_${number} (
  offset INTEGER PRIMARY KEY, id TEXT, at INTEGER NOT NULL, headers TEXT, body BLOB NOT NULL
) STRICT`;

/** Opens a lane; makes it the first time. */
export function openLane(db: Database, name: string): Lane {
  db.run(lanesTable);
  db.run("INSERT OR IGNORE INTO lanes (name, uuid) VALUES (?, ?)", [name, crypto.randomUUID()]);
  using found = db.prepare<LaneRow, [string]>("SELECT * FROM lanes WHERE name = ?");
  const row = found.get(name);
  if (!row) throw new Error(`Cannot open lane ${name}: the file does not keep it`);
  const { number, uuid, first, next, settled } = row;
  db.run(messagesTable(number));
  const table = `messages_${number}`;
  const statements: LaneStatements = {
    insert: db.prepare(`INSERT INTO ${table} VALUES (?, ?, ?, ?, ?)`),
    read: db.prepare(`SELECT * FROM ${table} WHERE offset >= ? ORDER BY offset LIMIT ?`),
    sizes: db.prepare(
      `SELECT offset, at, LENGTH(body) AS bytes FROM ${table} WHERE offset >= ? ORDER BY offset LIMIT ?`,
    ),
    trim: db.prepare(`DELETE FROM ${table} WHERE offset < ?`),
    save: db.prepare("UPDATE lanes SET first = ?, next = ?, settled = ? WHERE number = ?"),
  };
  return {
    ...{ number, name, partition: `${uuid}/0`, first, next, settled },
    bytes: keepsDeadLetters(name) ? bytesOf(db, table) : undefined,
    readers: new Set(),
    statements,
  };
}

function bytesOf(db: Database, table: string): number {
  using sum = db.prepare<{ bytes: number }, []>(
    `SELECT COALESCE(SUM(LENGTH(body)), 0) AS bytes FROM ${table}`,
  );
  return sum.get()?.bytes ?? 0;
}

/** The lowest offset that some handler may still want: what its readers settled, or what the last ones had. */
export function settledOffset({ readers, settled }: Lane): number {
  return readers.size === 0 ? settled : Math.min(...[...readers].map(({ position }) => position));
}

/** Lets go of the lane's statements: a file with open statements stays locked after it is closed. */
export function closeLane({ statements }: Lane): void {
  for (const statement of Object.values(statements)) statement.finalize();
}
