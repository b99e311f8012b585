import type { Database } from "bun:sqlite";
import type { KeyImage } from "../beside.ts";
import type { KeyType } from "../fold-plan.ts";
import { digestOf } from "../key-digest.ts";

interface Row {
  readonly key: string;
  readonly type: KeyType;
  readonly value: string;
  readonly expiresMs: number | null;
}

/** What every key of a store's file holds. */
export function* embeddedImages(database: Database): Iterable<KeyImage> {
  using rows = database.prepare<Row, []>("SELECT key, type, value, expiresMs FROM keys");
  using fields = database.prepare<{ field: string; value: string }, [string]>(
    "SELECT field, value FROM fields WHERE key = ?",
  );
  using items = database.prepare<{ body: string }, [string]>(
    "SELECT body FROM items WHERE key = ?",
  );
  const partsOf = ({ key, type, value }: Row): readonly string[] => {
    if (type === "string") return [value];
    if (type !== "hash") return items.all(key).map(({ body }) => body);
    return fields.all(key).map((each) => JSON.stringify([each.field, each.value]));
  };
  for (const row of rows.all()) {
    const parts = partsOf(row);
    yield {
      ...{ key: row.key, kind: row.type, length: parts.length, digest: digestOf(parts) },
      expiresMs: row.expiresMs ?? undefined,
    };
  }
}
