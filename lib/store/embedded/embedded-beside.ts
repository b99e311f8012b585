import { Database } from "bun:sqlite";
import { rmSync } from "node:fs";
import type { StoreBeside, SwapOptions, SwapResult } from "../beside.ts";
import { ledgersOf } from "../ledger.ts";
import type { LaneLedger } from "../store.ts";
import { inTransaction, onFile } from "./database.ts";
import { embeddedImages } from "./embedded-images.ts";
import { type EmbeddedStoreOptions, embeddedStore } from "./embedded-store.ts";

/** Its write-ahead log and that one's index stand beside a file. */
const suffixes = ["", "-wal", "-shm"] as const;

/**
 * A fresh store in a file beside the live one, whose content takes the live one's place in one transaction.
 *
 * @throws Error where a file cannot be opened.
 */
export function embeddedBeside({ file, idsMax }: EmbeddedStoreOptions): StoreBeside {
  const freshFile = `${file}.rebuild`;
  const clear = () => {
    for (const suffix of suffixes) rmSync(freshFile + suffix, { force: true });
  };
  // What an earlier one left behind.
  clear();
  const limit = idsMax === undefined ? {} : { idsMax };
  const live = embeddedStore({ file, ...limit });
  const fresh = embeddedStore({ file: freshFile, ...limit });
  return {
    live,
    fresh,
    async *keys(of) {
      const database = new Database(of === "live" ? file : freshFile, { readonly: true });
      try {
        yield* embeddedImages(database);
      } finally {
        database.close();
      }
    },
    swap: async (options) => onFile(file, "swap", () => swap(file, freshFile, options)),
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      await fresh[Symbol.asyncDispose]();
      clear();
    },
  };
}

function swap(file: string, freshFile: string, { others, keep }: SwapOptions): SwapResult {
  const kept = keep ? `${file}.before-${Date.now()}` : undefined;
  const database = new Database(file, { strict: true });
  try {
    database.run("PRAGMA synchronous = FULL");
    database.run("ATTACH ? AS fresh", [freshFile]);
    if (kept !== undefined) database.run("VACUUM main INTO ?", [kept]);
    const swapped = inTransaction(
      database,
      () => {
        if (hasMoved(database, others)) return false;
        for (const table of tablesOf(database)) {
          database.run(`DELETE FROM main.${table}`);
          database.run(`INSERT INTO main.${table} SELECT * FROM fresh.${table}`);
        }
        takeOver(database, others);
        return true;
      },
      (done) => done,
    );
    return swapped ? { status: "swapped", kept } : { status: "moved" };
  } finally {
    database.close();
  }
}

function tablesOf(database: Database): readonly string[] {
  using tables = database.prepare<{ name: string }, []>(
    "SELECT name FROM fresh.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  );
  return tables.all().map(({ name }) => name);
}

function hasMoved(database: Database, others: SwapOptions["others"]): boolean {
  using ledger = database.prepare<{ lane: string; name: string; count: number }, []>(
    "SELECT lane, name, count FROM main.ledger",
  );
  const lanes = ledgersOf(
    ledger.all().map(({ lane, name, count }) => [lane, name, count] as const),
  );
  return Object.entries(others).some(([lane, expected]) =>
    Object.entries(expected).some(
      ([name, count]) => count !== (lanes[lane]?.[name as keyof LaneLedger] ?? 0),
    ),
  );
}

function takeOver(database: Database, others: SwapOptions["others"]): void {
  const add =
    "INSERT INTO main.ledger VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count";
  for (const [lane, ledger] of Object.entries(others)) {
    for (const [name, count] of Object.entries(ledger)) {
      if (count > 0) database.run(add, [lane, name === "applied" ? "duplicate" : name, count]);
    }
  }
}
