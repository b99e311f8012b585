import { describe, expect, test } from "bun:test";
import { MongoClient } from "mongodb";
import { parts } from "../../../tools/parts/testing.ts";
import { rangeBatch } from "../testing/fold-events.ts";
import { all, logged, loggedMany } from "../testing/log-under-test.ts";
import { freshDatabase } from "../testing/mongo-under-test.ts";
import { mongoWire } from "../testing/mongo-wire.ts";
import { mongoLog } from "./mongo-log.ts";

const newestFirst = { date: -1, _id: -1 };

async function wired() {
  const wire = await mongoWire(parts?.mongo ?? "");
  const database = freshDatabase();
  const client = new MongoClient(parts?.mongo ?? "");
  const url = `${wire.url}/${database}`;
  return {
    wire,
    /** The database behind the log's back. */
    database: client.db(database),
    connect: (options: { retentionMs?: number } = {}) =>
      mongoLog({ url, collection: "bands", ...options }),
    indexes: () => wire.heard("createIndexes").flatMap(({ indexes }) => indexes),
    async [Symbol.asyncDispose]() {
      await client.db(database).dropDatabase();
      await client.close();
      await wire[Symbol.asyncDispose]();
    },
  };
}

describe.skipIf(!parts)("what a log asks of MongoDB", () => {
  test("a majority must have records and cursor on its disks", async () => {
    await using server = await wired();
    await using log = server.connect();
    await log.apply(rangeBatch(0, loggedMany(3)));
    const writeConcern = { w: "majority", j: true, wtimeout: 2_500 };
    expect(server.wire.heard("insert")).toMatchObject([
      { insert: "bands", ordered: false, writeConcern },
    ]);
    expect(server.wire.heard("update")).toMatchObject([
      {
        update: "bands.cursors",
        writeConcern,
        updates: [{ q: { _id: "topic/0" }, u: { $max: { next: 3 } }, upsert: true }],
      },
    ]);
  });

  test("one client serves all calls", async () => {
    await using server = await wired();
    await using log = server.connect();
    for (let from = 0; from < 100; from += 2) {
      await log.apply(rangeBatch(from, loggedMany(2)));
      await log.newest(20);
    }
    // Its calls share one connection, its monitor has another.
    expect(server.wire.connections).toBeLessThanOrEqual(3);
  });

  // The stand-in explains nothing and has no such index: that the order asked for is the index's own is what can be told.
  test("newest() asks in the order of the index that writers make, for no more than its limit", async () => {
    await using server = await wired();
    await using log = server.connect();
    await log.newest(20);
    expect(server.wire.heard("find")).toMatchObject([
      { find: "bands", filter: {}, sort: newestFirst, limit: 20 },
    ]);
    expect(server.indexes()).toEqual([]);
    await log.cursors(["topic/0"]);
    expect(server.indexes()).toMatchObject([{ key: newestFirst }]);
    expect(Object.keys(server.indexes()[0]?.key ?? {})).toEqual(Object.keys(newestFirst));
  });

  test("indexes are made once, and again where a partition begins", async () => {
    await using server = await wired();
    await using log = server.connect();
    await log.cursors(["topic/0"]);
    for (const from of [0, 2, 4]) await log.apply(rangeBatch(from, loggedMany(2)));
    await log.cursors(["topic/0"]);
    expect(server.indexes()).toHaveLength(2);
  });

  test("entries have a time to live where it is asked for", async () => {
    await using server = await wired();
    await using log = server.connect({ retentionMs: 86_400_500 });
    await log.apply(rangeBatch(0, loggedMany(1)));
    expect(server.indexes()).toMatchObject([
      { key: newestFirst },
      { key: { date: 1 }, expireAfterSeconds: 86_401 },
    ]);
    expect(await all(log)).toHaveLength(1);
  });

  test("another time to live than an earlier start's is changed on the index that is there", async () => {
    await using server = await wired();
    const conflict = { ok: 0, code: 85, codeName: "IndexOptionsConflict", errmsg: "other options" };
    server.wire.answers.set("createIndexes", (command) =>
      "expireAfterSeconds" in command.indexes[0] ? conflict : "server",
    );
    server.wire.answers.set("collMod", { ok: 1 });
    await using log = server.connect({ retentionMs: 60_000 });
    await log.apply(rangeBatch(0, loggedMany(1)));
    expect(server.wire.heard("collMod")[0]).toMatchObject({
      collMod: "bands",
      index: { keyPattern: { date: 1 }, expireAfterSeconds: 60 },
    });
  });

  test("an index that cannot be made is told, and nothing is written before it is there", async () => {
    await using server = await wired();
    const denied = { ok: 0, code: 13, codeName: "Unauthorized", errmsg: "not authorized" };
    server.wire.answers.set("createIndexes", denied);
    await using log = server.connect();
    await expect(log.apply(rangeBatch(0, loggedMany(1)))).rejects.toThrow("not authorized");
    expect(await all(log)).toEqual([]);
    server.wire.answers.delete("createIndexes");
    expect(await log.apply(rangeBatch(0, loggedMany(1)))).toMatchObject({ status: "applied" });
  });

  test("what a majority is not known to have is not told as written, and the cursor stays", async () => {
    await using server = await wired();
    await using log = server.connect();
    const batch = rangeBatch(0, loggedMany(2));
    const writeConcernError = { code: 64, codeName: "WriteConcernTimeout", errmsg: "timed out" };
    const duplicate = { index: 0, code: 11_000, errmsg: "E11000 duplicate key" };
    for (const reply of [
      { ok: 1, n: 2, writeConcernError },
      { ok: 1, n: 1, writeErrors: [duplicate], writeConcernError },
      { ok: 0, code: 91, codeName: "ShutdownInProgress", errmsg: "shutting down" },
      { ok: 1, n: 1, writeErrors: [{ index: 1, code: 8, errmsg: "unknown" }] },
    ]) {
      server.wire.answers.set("insert", reply);
      await expect(log.apply(batch)).rejects.toThrow("Cannot log 2 events of lane kafka in");
    }
    expect(await log.cursors(["topic/0"])).toEqual(new Map());
    server.wire.answers.delete("insert");
    server.wire.answers.set("update", { ok: 1, n: 1, nModified: 1, writeConcernError });
    await expect(log.apply(batch)).rejects.toThrow("timed out");
    server.wire.answers.delete("update");
    const verdicts = ["duplicate", "duplicate"];
    expect(await log.apply(batch)).toMatchObject({ verdicts, cursor: 2 });
  });

  test("an event against the collection's own rules is refused, and the rest is taken without it", async () => {
    await using server = await wired();
    await using log = server.connect();
    const fault = { index: 1, code: 121, errmsg: "Document failed validation" };
    server.wire.answers.set("insert", { ok: 1, n: 1, writeErrors: [fault] });
    expect(await log.apply(rangeBatch(0, loggedMany(2)))).toEqual({
      status: "refused",
      events: [1],
      reason: "Document failed validation",
    });
  });

  test("an event against somebody else's unique index is refused, never taken for a duplicate", async () => {
    await using server = await wired();
    await server.database.collection("bands").createIndex({ name: 1 }, { unique: true });
    await using log = server.connect();
    const [one, other] = [logged({ name: "Soda Stereo" }), logged({ name: "Soda Stereo" })];
    const result = await log.apply(rangeBatch(0, [one, other]));
    expect(result).toMatchObject({ status: "refused", events: [1] });
    expect("reason" in result && result.reason).toContain("E11000 duplicate key");
    expect(await log.cursors(["topic/0"])).toEqual(new Map());
  });

  test("entries that a foreign program wrote are answered among ours", async () => {
    await using server = await wired();
    await using log = server.connect();
    await log.apply(rangeBatch(0, [logged({ name: "ours" })]));
    const date = new Date(Date.now() + 60_000);
    const { insertedId } = await server.database
      .collection("bands")
      .insertOne({ name: "theirs", album: null, year: 1990, date });
    expect((await all(log)).map(({ id, record }) => [id.length, record])).toEqual([
      [24, { name: "theirs", album: "null", year: 1990 }],
      [36, { name: "ours" }],
    ]);
    expect((await log.newest(1))[0]).toMatchObject({ id: `${insertedId}`, date });
  });
});
