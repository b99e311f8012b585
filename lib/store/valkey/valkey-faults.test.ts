import { describe, expect, test } from "bun:test";
import { parts } from "../../../tools/parts/testing.ts";
import { until } from "../../testing/until.ts";
import { laneBatch, rangeBatch, ticks, times } from "../testing/fold-events.ts";
import { privateValkey } from "../testing/private-valkey.ts";
import { valkeyStore } from "./valkey-store.ts";

const total = { keys: [{ key: "total", kind: "value" }] } as const;

describe.skipIf(!parts)("a Valkey in trouble", () => {
  test("that forgot its scripts is sent them again", async () => {
    await using server = await privateValkey();
    await using store = valkeyStore({ url: server.valkey.url });
    await store.apply(rangeBatch(0, ticks(3)));
    await server.redis.script("FLUSH");
    expect(await store.apply(rangeBatch(3, ticks(3)))).toMatchObject({ cursor: 6 });
    expect((await store.read(total)).keys).toEqual(["6"]);
  });

  test("that is frozen is given up in time and found again", async () => {
    await using server = await privateValkey();
    const { valkey } = server;
    await using store = valkeyStore({ url: valkey.url, commandTimeoutMs: 250 });
    const batch = rangeBatch(0, ticks(3));
    await store.apply(batch);
    valkey.server.freeze();
    const next = rangeBatch(3, ticks(3));
    await expect(store.apply(next)).rejects.toThrow("no answer within 250 ms");
    await expect(store.apply(next)).rejects.toThrow(
      `Cannot apply 3 events of lane kafka to ${valkey.url}`,
    );
    valkey.server.unfreeze();
    // The first try may have arrived after all: then this one is behind.
    const result = await until("the batch", () => store.apply(next));
    expect(["applied", "behind"]).toContain(result.status);
    expect((await store.read(total)).keys).toEqual(["6"]);
  });

  test("that became a replica is refused and found again as a primary", async () => {
    await using server = await privateValkey();
    const { valkey, redis } = server;
    await using store = valkeyStore({ url: valkey.url });
    await store.apply(rangeBatch(0, ticks(1)));
    await redis.replicaof("127.0.0.1", 1);
    await expect(store.apply(rangeBatch(1, ticks(1)))).rejects.toThrow("READONLY");
    await redis.replicaof("NO", "ONE");
    const result = await until("the batch", () => store.apply(rangeBatch(1, ticks(1))));
    expect(result).toMatchObject({ status: "applied", cursor: 2 });
  });

  test("is believed only when enough replicas have it", async () => {
    await using server = await privateValkey({ replicas: 1 });
    const { valkey } = server;
    const { url } = valkey;
    await using store = valkeyStore({ url, replicas: 1, commandTimeoutMs: 600 });
    expect(await store.apply(rangeBatch(0, ticks(3)))).toMatchObject({ cursor: 3 });
    valkey.replicas[0]?.server.freeze();
    const batch = laneBatch("rabbit", ticks(3));
    await expect(store.apply(batch)).rejects.toThrow(
      "too few replicas have it: current value is 0 of 1",
    );
    valkey.replicas[0]?.server.unfreeze();
    const result = await until("the replica", () => store.apply(batch));
    expect(result).toMatchObject({ verdicts: times(3, "duplicate") });
  }, 30_000);

  test("without the database that was asked for is not written to", async () => {
    await using server = await privateValkey({ settings: { databases: "2" } });
    await using store = valkeyStore({ url: `${server.valkey.url}/7` });
    for (let i = 0; i < 3; i++) {
      await expect(store.apply(rangeBatch(0, ticks(1)))).rejects.toThrow(
        `${server.valkey.url}/7: it is not connected: ERR DB index is out of range`,
      );
    }
    expect(await server.redis.dbsize()).toBe(0);
  });

  test.each(["cursor", "ledger", "meta", "buckets", "version"])(
    "whose tp:%s is damaged is not half written",
    async (name) => {
      await using server = await privateValkey();
      const { valkey, redis } = server;
      await using store = valkeyStore({ url: valkey.url });
      await redis.set(`tp:${name}`, "junk");
      const events = ticks(2).map((event) => ({
        ...event,
        operations: [...event.operations, { op: "setValue", key: "value", value: "x" } as const],
      }));
      await expect(store.apply(rangeBatch(0, events))).rejects.toThrow("WRONGTYPE");
      expect(await redis.keys("*")).toEqual([`tp:${name}`]);
      await redis.del(`tp:${name}`);
      expect(await store.apply(rangeBatch(0, events))).toMatchObject({ cursor: 2 });
    },
  );

  test.each([
    ["cursor", "topic/0", "junk"],
    ["ledger", "kafka:applied", "1.5"],
    ["meta", "count", "many"],
  ])("whose tp:%s holds no number at %s is not half written", async (name, field, value) => {
    await using server = await privateValkey();
    const { valkey, redis } = server;
    await using store = valkeyStore({ url: valkey.url });
    await redis.hset(`tp:${name}`, field, value);
    await expect(store.apply(rangeBatch(0, ticks(2)))).rejects.toThrow(`tp:${name} is damaged`);
    expect(await redis.keys("*")).toEqual([`tp:${name}`]);
  });
});
