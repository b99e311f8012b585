import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { eventLogSuite } from "../event-log.suite.ts";
import { rangeBatch } from "../testing/fold-events.ts";
import { loggedMany } from "../testing/log-under-test.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { embeddedLog } from "./embedded-log.ts";

eventLogSuite({
  name: "embedded log",
  fresh() {
    const dir = tempDir();
    const file = join(dir.path, "log.db");
    return {
      connect: () => embeddedLog({ file }),
      [Symbol.asyncDispose]: async () => dir[Symbol.dispose](),
    };
  },
});

test("embeddedLog() works without a file", async () => {
  await using log = embeddedLog({ file: ":memory:" });
  await log.apply(rangeBatch(0, loggedMany(3)));
  expect(await log.newest(10)).toHaveLength(3);
});

test("newest() reads by an index and sorts nothing", async () => {
  using dir = tempDir();
  const file = join(dir.path, "log.db");
  await using _ = embeddedLog({ file });
  using database = new Database(file, { readonly: true });
  const plan = database
    .query("EXPLAIN QUERY PLAN SELECT * FROM entries ORDER BY dateMs DESC, id DESC LIMIT 20")
    .all();
  expect(JSON.stringify(plan)).toContain("entriesByDate");
  expect(JSON.stringify(plan)).not.toContain("TEMP B-TREE");
});

test("a log that cannot be written says where it stands, and is as it was", async () => {
  using dir = tempDir();
  const file = join(dir.path, "log.db");
  await using log = embeddedLog({ file });
  const batch = rangeBatch(0, loggedMany(1));
  using other = new Database(file);
  other.run("ALTER TABLE cursors RENAME TO elsewhere");
  await expect(log.apply(batch)).rejects.toThrow(
    `Cannot log 1 events of lane kafka in ${file}: no such table: cursors`,
  );
  other.run("ALTER TABLE elsewhere RENAME TO cursors");
  expect(await log.newest(10)).toEqual([]);
  expect(await log.apply(batch)).toMatchObject({ status: "applied", cursor: 1 });
});
