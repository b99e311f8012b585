import { expect, test } from "bun:test";
import { laneBatch } from "../testing/fold-events.ts";
import { loggedMany } from "../testing/log-under-test.ts";
import { mongoLog } from "./mongo-log.ts";
import { databaseOf, hideSecrets } from "./mongo-options.ts";

test.each([
  ["mongodb://mongo-svc:27017", "so1p2", "mongodb://mongo-svc:27017/so1p2"],
  ["mongodb://mongo-svc:27017/", "so1p2", "mongodb://mongo-svc:27017/so1p2"],
  ["mongodb://a:1,b:2/votes?replicaSet=rs0", "votes", "mongodb://a:1,b:2/votes"],
  ["mongodb://u:p%40ss@h/db?authSource=admin", "db", "mongodb://h/db"],
  ["mongodb://u:p@h?authSource=admin", "so1p2", "mongodb://h/so1p2"],
  ["mongodb+srv://u:p@cluster.example/my%20db", "my db", "mongodb+srv://cluster.example/my db"],
])("%s leads to database %s and is told as %s", (url, database, told) => {
  expect(databaseOf(url)).toBe(database);
  expect(hideSecrets(url)).toBe(told);
});

test("an address that the driver cannot use is told at once, without its password", () => {
  for (const url of [
    "mongodb://user:s3cret@host/db?sideways=yes",
    "mongodb://user:s3cret@host:99999999/db",
    "mongo://user:s3cret@host/db",
  ]) {
    let fault: unknown;
    try {
      mongoLog({ url, collection: "bands" });
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(Error);
    expect(String(fault)).toContain(`Cannot use ${hideSecrets(url)}: `);
    expect(Bun.inspect(fault)).not.toContain("s3cret");
  }
});

test("a server that is not there is told in time, without the password", async () => {
  const url = "mongodb://user:s3cret@127.0.0.1:1/db";
  await using log = mongoLog({ url, collection: "bands", callTimeoutMs: 400 });
  let fault: unknown;
  const startMs = performance.now();
  await log.apply(laneBatch("rabbit", loggedMany(1))).catch((error: unknown) => {
    fault = error;
  });
  expect(performance.now() - startMs).toBeLessThan(5_000);
  expect(String(fault)).toContain("Cannot log 1 events of lane rabbit in mongodb://127.0.0.1:1/db");
  expect(Bun.inspect(fault)).not.toContain("s3cret");
  await expect(log.newest(1)).rejects.toThrow("Cannot read mongodb://127.0.0.1:1/db");
  await expect(log.cursors([])).rejects.toThrow("Cannot read the cursors of mongodb://127.0.0.1");
});
