import { describe, expect, test } from "bun:test";
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { parts } from "../../../tools/parts/testing.ts";
import { until } from "../../testing/until.ts";
import type { Store } from "../store.ts";
import { climaEvent } from "../testing/clima-events.ts";
import { idAt, rangeBatch } from "../testing/fold-events.ts";
import { privateValkey } from "../testing/private-valkey.ts";
import { valkeyStore } from "./valkey-store.ts";

const tweet = { municipality: 2, temperature: 20, humidity: 50, weather: 1 };
const size = 10;

const batchAt = (from: number) =>
  rangeBatch(
    from,
    Array.from({ length: size }, () => climaEvent(idAt(Date.now()), tweet)),
  );

/** Applies batches until one fails; returns the last cursor that was told. */
async function applyUntilFailure(store: Store, start: number, batchesMax: number) {
  let told = start;
  for (let i = 0; i < batchesMax; i++) {
    const result = await store.apply(batchAt(told)).catch(() => undefined);
    if (result?.status !== "applied") break;
    told = result.cursor ?? told;
  }
  return told;
}

/** Cursor, folds, ledger and ids have moved together; returns the cursor. */
async function expectWhole(store: Store, redis: Redis): Promise<number> {
  const { keys, lanes, cursors } = await until("the store again", () =>
    store.read({
      keys: [
        { key: "total", kind: "value" },
        { key: "stats:guatemala", kind: "hash" },
      ],
    }),
  );
  const cursor = cursors.get("topic/0") ?? 0;
  expect(keys[0]).toBe(String(cursor));
  expect(keys[1]).toMatchObject({ count: String(cursor), temperature_sum: String(20 * cursor) });
  expect(lanes.kafka).toMatchObject({ applied: cursor, duplicate: 0 });
  expect(await redis.hget("tp:meta", "count")).toBe(String(cursor));
  const buckets = await redis.keys("tp:ids:*");
  const counts = await Promise.all(buckets.map((bucket) => redis.hlen(bucket)));
  expect(counts.reduce((a, b) => a + b, 0)).toBe(cursor);
  return cursor;
}

describe.skipIf(!parts)("a Valkey that dies", () => {
  test("has all that was told when it is killed under load, and is found again", async () => {
    await using server = await privateValkey({ appendfsync: "always" });
    const { valkey, redis } = server;
    await using store = valkeyStore({ url: valkey.url });
    let cursor = 0;
    for (let round = 0; round < 4; round++) {
      const applying = applyUntilFailure(store, cursor, 10_000);
      await until("some progress", async () => {
        const found = await redis.hget("tp:cursor", "topic/0");
        return Number(found ?? 0) >= cursor + (5 + round * 3) * size;
      });
      await valkey.server.kill();
      const told = await applying;
      await valkey.server.start();
      const start = cursor;
      cursor = await expectWhole(store, redis);
      expect(told).toBeGreaterThan(start);
      expect(cursor).toBeGreaterThanOrEqual(told);
    }
  }, 60_000);

  test("goes back as a whole when the end of its file is cut, and is caught up", async () => {
    await using server = await privateValkey();
    const { valkey, redis } = server;
    await using store = valkeyStore({ url: valkey.url });
    const batches = Array.from({ length: 30 }, (_, i) => batchAt(i * size));
    for (const batch of batches) await store.apply(batch);
    for (const cutBytes of [1, 200, 3_000, 40_000]) {
      await valkey.server.kill();
      const folder = join(valkey.dir, "appendonlydir");
      const name = readdirSync(folder).find((each) => each.endsWith(".incr.aof")) ?? "";
      const file = join(folder, name);
      truncateSync(file, statSync(file).size - cutBytes);
      await valkey.server.start();
      const cursor = await expectWhole(store, redis);
      expect(cursor).toBeLessThan(300);
      expect(cursor % size).toBe(0);
      for (const batch of batches) {
        expect(["behind", "applied"]).toContain((await store.apply(batch)).status);
      }
      expect(await expectWhole(store, redis)).toBe(300);
    }
  }, 60_000);

  test("is waited for from the start, and while it loads", async () => {
    await using server = await privateValkey();
    const { valkey, redis } = server;
    await valkey.server.kill();
    await using store = valkeyStore({ url: valkey.url, commandTimeoutMs: 300 });
    await expect(store.apply(batchAt(0))).rejects.toThrow(
      `Cannot apply ${size} events of lane kafka to ${valkey.url}`,
    );
    await valkey.server.start();
    await until("the first batch", () => store.apply(batchAt(0)));
    for (let from = size; from < 30 * size; from += size) await store.apply(batchAt(from));
    await redis.config("SET", "appendfsync", "no");
    await redis.config("SET", "key-load-delay", "2000");
    await redis.config("REWRITE");
    await valkey.server.kill();
    const starting = valkey.server.start();
    const reasons = new Set<string>();
    const result = await until(
      "the batch after loading",
      async () =>
        store.apply(batchAt(30 * size)).catch((error: Error) => {
          reasons.add(error.message);
          return undefined;
        }),
      { timeoutMs: 30_000 },
    );
    await starting;
    expect(result).toMatchObject({ status: "applied", cursor: 31 * size });
    expect(reasons.size).toBeGreaterThan(0);
    await expectWhole(store, redis);
  }, 60_000);
});
