import type { Database } from "bun:sqlite";
import type { LaneLedger } from "../store.ts";

/** How far the lanes have come. */
export interface Progress {
  /** The next offset of a partition, 0 where none was folded yet. */
  cursor(partition: string): number;
  setCursor(partition: string, next: number): void;
  /** Those of the partitions, or all, that were folded. */
  cursors(partitions?: readonly string[]): ReadonlyMap<string, number>;
  add(lane: string, counts: LaneLedger): void;
  ledger(): (readonly [lane: string, name: string, count: number])[];
}

/** The tables that progress stands in. */
export const progressSchema = [
  "CREATE TABLE IF NOT EXISTS cursors (partition TEXT PRIMARY KEY, next INTEGER) WITHOUT ROWID, STRICT",
  `CREATE TABLE IF NOT EXISTS ledger (lane TEXT, name TEXT, count INTEGER, PRIMARY KEY (lane, name))
   WITHOUT ROWID, STRICT`,
];

/** The progress in `database`, to be used within a transaction. */
export function createProgress(database: Database): Progress {
  const getCursor = database.prepare<{ next: number }, [string]>(
    "SELECT next FROM cursors WHERE partition = ?",
  );
  const allCursors = database.prepare<{ partition: string; next: number }, []>(
    "SELECT partition, next FROM cursors",
  );
  const setCursor = database.prepare<null, [string, number]>("REPLACE INTO cursors VALUES (?, ?)");
  const add = database.prepare<null, [string, string, number]>(
    "INSERT INTO ledger VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
  );
  const ledger = database.prepare<{ lane: string; name: string; count: number }, []>(
    "SELECT lane, name, count FROM ledger",
  );
  return {
    cursor: (partition) => getCursor.get(partition)?.next ?? 0,
    setCursor: (partition, next) => void setCursor.run(partition, next),
    cursors(partitions) {
      const all = new Map(allCursors.all().map(({ partition, next }) => [partition, next]));
      if (partitions === undefined) return all;
      const wanted = new Set(partitions);
      return new Map([...all].filter(([partition]) => wanted.has(partition)));
    },
    add(lane, counts) {
      for (const [name, count] of Object.entries(counts)) {
        if (count > 0) add.run(lane, name, count);
      }
    },
    ledger: () => ledger.all().map(({ lane, name, count }) => [lane, name, count]),
  };
}
