import type { Database } from "bun:sqlite";
import { type EventId, eventIdBytes } from "../../event/event-id.ts";
import type { FoldEvent, Verdict } from "../store.ts";

/** The ids that have had their effect, in buckets of 65,536 ms of their own time. */
export interface Claims {
  /**
   * Claims the events' ids, one after the other. The claims stand even where the verdicts mean that nothing may
   * happen: the caller undoes the transaction then.
   */
  claim(events: readonly FoldEvent[], cursor: number | undefined): Verdict[];
  /** Drops oldest buckets, a bounded number of them, until at most `idsMax` ids or one bucket is left. */
  evict(): void;
  has(id: EventId): boolean;
}

/** The tables that claims stand in. */
export const claimsSchema = [
  `CREATE TABLE IF NOT EXISTS ids (bucket INTEGER, rest BLOB, fingerprint INTEGER, PRIMARY KEY (bucket, rest))
   WITHOUT ROWID, STRICT`,
  "CREATE TABLE IF NOT EXISTS buckets (bucket INTEGER PRIMARY KEY, count INTEGER) STRICT",
  "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID, STRICT",
];

/** The most buckets that one call drops. */
export const bucketsMax = 1_000;

/** The claims in `database`, to be used within a transaction. */
export function createClaims(database: Database, idsMax: number): Claims {
  const insert = database.prepare<null, [number, Uint8Array, number]>(
    "INSERT INTO ids VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
  );
  const find = database.prepare<{ fingerprint: number }, [number, Uint8Array]>(
    "SELECT fingerprint FROM ids WHERE bucket = ? AND rest = ?",
  );
  const grow = database.prepare<null, [number, number]>(
    "INSERT INTO buckets VALUES (?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
  );
  const oldest = database.prepare<{ bucket: number; count: number }, []>(
    "SELECT bucket, count FROM buckets ORDER BY bucket LIMIT 2",
  );
  const dropBucket = database.prepare<null, [number]>("DELETE FROM buckets WHERE bucket = ?");
  const dropIds = database.prepare<null, [number]>("DELETE FROM ids WHERE bucket = ?");
  const getMeta = database.prepare<{ value: number }, [string]>(
    "SELECT value FROM meta WHERE name = ?",
  );
  const setMeta = database.prepare<null, [string, number]>(
    "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  );
  const meta = (name: string) => getMeta.get(name)?.value ?? 0;

  const claimOne = (event: FoldEvent, floor: number, grown: Map<number, number>): Verdict => {
    const { bucket, rest } = placeOf(event.id);
    if (bucket < floor) return "late";
    const fingerprint = event.fingerprint >>> 0;
    if (insert.run(bucket, rest, fingerprint).changes > 0) {
      grown.set(bucket, (grown.get(bucket) ?? 0) + 1);
      return "applied";
    }
    return find.get(bucket, rest)?.fingerprint === fingerprint ? "duplicate" : "conflict";
  };

  return {
    claim(events, cursor) {
      const floor = meta("floor");
      const grown = new Map<number, number>();
      const verdicts = events.map((event): Verdict => {
        if (cursor !== undefined && (event.offset ?? 0) < cursor) return "skipped";
        return event.setAside === undefined ? claimOne(event, floor, grown) : "setAside";
      });
      let added = 0;
      for (const [bucket, count] of grown) {
        grow.run(bucket, count);
        added += count;
      }
      if (added > 0) setMeta.run("count", meta("count") + added);
      return verdicts;
    },
    evict() {
      let count = meta("count");
      for (let dropped = 0; count > idsMax && dropped < bucketsMax; dropped++) {
        const [first, second] = oldest.all();
        if (first === undefined || second === undefined) return;
        dropIds.run(first.bucket);
        dropBucket.run(first.bucket);
        count -= first.count;
        setMeta.run("count", count);
        setMeta.run("floor", Math.max(meta("floor"), first.bucket + 1));
      }
    },
    has(id) {
      const { bucket, rest } = placeOf(id);
      return find.get(bucket, rest) !== null;
    },
  };
}

function placeOf(id: EventId): { readonly bucket: number; readonly rest: Buffer } {
  const bytes = eventIdBytes(id);
  return { bucket: bytes.readUInt32BE(0), rest: bytes.subarray(4) };
}
