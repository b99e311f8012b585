import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { until } from "../../testing/until.ts";
import { storeSuite } from "../store.suite.ts";
import { eventOf, idAt, laneBatch, rangeBatch, ticks } from "../testing/fold-events.ts";
import { tempDir } from "../testing/temp-dir.ts";
import type { DriverUnderTest } from "../testing/under-test.ts";
import { embeddedStore } from "./embedded-store.ts";

const driver: DriverUnderTest = {
  name: "embedded store",
  fresh(options = {}) {
    const dir = tempDir();
    const file = join(dir.path, "store.db");
    return {
      connect: () => embeddedStore({ file, ...options }),
      [Symbol.asyncDispose]: async () => dir[Symbol.dispose](),
    };
  },
};

storeSuite(driver);

test("embeddedStore() works without a file", async () => {
  await using store = embeddedStore({ file: ":memory:" });
  await store.apply(rangeBatch(0, ticks(3)));
  const { keys } = await store.read({ keys: [{ key: "total", kind: "value" }] });
  expect(keys).toEqual(["3"]);
});

test("embeddedStore() says which file it cannot open", () => {
  using dir = tempDir();
  expect(() => embeddedStore({ file: dir.path })).toThrow(`Cannot open ${dir.path}: `);
});

test("apply() removes expired keys from the file, a bounded number at a time", async () => {
  using dir = tempDir();
  const file = join(dir.path, "store.db");
  await using store = embeddedStore({ file });
  using database = new Database(file, { readonly: true });
  const rows = () =>
    database
      .query("SELECT (SELECT count(*) FROM keys) + (SELECT count(*) FROM fields) AS rows")
      .get();
  const hourMs = 3_600_000;
  const atMs = Date.now() - hourMs + 1_000;
  const events = Array.from({ length: 500 }, (_, i) =>
    eventOf([{ op: "setHash", key: `brief:${i}`, fields: { i }, ttlMs: hourMs }], {
      id: idAt(atMs),
    }),
  );
  await store.apply(laneBatch("rabbit", events));
  expect(rows()).toEqual({ rows: 1_000 });
  await until("some of them gone", async () => {
    await store.apply(laneBatch("rabbit", ticks(1)));
    return JSON.stringify(rows()) === JSON.stringify({ rows: 1 + 1_000 - 2 * 101 });
  });
  for (let i = 0; i < 4; i++) await store.apply(laneBatch("rabbit", ticks(1)));
  expect(rows()).toEqual({ rows: 1 });
});

test("apply() tells what went wrong, leaves everything as it was and works again when that is over", async () => {
  using dir = tempDir();
  const file = join(dir.path, "store.db");
  await using store = embeddedStore({ file });
  const batch = rangeBatch(0, ticks(1));
  using other = new Database(file);
  other.run("ALTER TABLE ledger RENAME TO elsewhere");
  await expect(store.apply(batch)).rejects.toThrow(
    `Cannot apply 1 events of lane kafka to ${file}: no such table: ledger`,
  );
  other.run("ALTER TABLE elsewhere RENAME TO ledger");
  const { keys, cursors } = await store.read({ keys: [{ key: "total", kind: "value" }] });
  expect({ keys, cursors }).toEqual({ keys: [undefined], cursors: new Map() });
  expect(await store.apply(batch)).toMatchObject({ status: "applied", cursor: 1 });
});
