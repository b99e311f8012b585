import { describe, expect, test } from "bun:test";
import type { Redis } from "ioredis";
import { parts } from "../../../tools/parts/testing.ts";
import { idAt, laneBatch, rangeBatch, tick, ticks } from "../testing/fold-events.ts";
import { privateValkey } from "../testing/private-valkey.ts";
import { valkeyStore } from "./valkey-store.ts";

const bucketMs = 65_536;

async function usedMemory(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
}

describe.skipIf(!parts)("a Valkey whose memory is used up", () => {
  test("makes room by forgetting the oldest ids, which are late from then on", async () => {
    await using server = await privateValkey();
    const { valkey, redis } = server;
    await using store = valkeyStore({ url: valkey.url, idsMax: 10_000_000 });
    const startMs = Date.now() - 900 * bucketMs;
    const batchAt = (n: number) =>
      rangeBatch(
        n * 500,
        Array.from({ length: 500 }, () => tick({ id: idAt(startMs + n * bucketMs) })),
      );
    const first = batchAt(0);
    await store.apply(first);
    await redis.config("SET", "maxmemory", (await usedMemory(redis)) + 2_000_000);
    for (let n = 1; n < 250; n++) {
      expect(await store.apply(batchAt(n))).toMatchObject({ status: "applied" });
    }
    const ids = Number(await redis.hget("tp:meta", "count"));
    expect(ids).toBeLessThan(250 * 500);
    const { keys } = await store.read({ keys: [{ key: "total", kind: "value" }] });
    expect(keys).toEqual([String(250 * 500)]);
    const again = laneBatch("rabbit", first.events.slice(0, 1));
    expect(await store.apply(again)).toEqual({ status: "unsettled", verdicts: ["late"] });
    const fresh = laneBatch("rabbit", batchAt(250).events);
    expect(await store.apply(fresh)).toMatchObject({ status: "applied" });
  }, 60_000);

  test("waits for the memory of a big bucket before it tries again", async () => {
    await using server = await privateValkey();
    const { valkey, redis } = server;
    await using store = valkeyStore({ url: valkey.url, idsMax: 10_000_000 });
    const startMs = Date.now() - 9 * bucketMs;
    const batchAt = (atMs: number) =>
      laneBatch(
        "rabbit",
        Array.from({ length: 500 }, () => tick({ id: idAt(atMs) })),
      );
    for (let i = 0; i < 60; i++) await store.apply(batchAt(startMs));
    for (let i = 0; i < 60; i++) await store.apply(batchAt(startMs + bucketMs));
    await redis.config("SET", "maxmemory", await usedMemory(redis));
    expect(await store.apply(batchAt(startMs + 2 * bucketMs))).toMatchObject({ status: "applied" });
    expect(await redis.hget("tp:meta", "count")).toBe("30500");
  }, 30_000);

  test("refuses with everything as it was where no ids can be spared, until there is room", async () => {
    await using server = await privateValkey();
    const { valkey, redis } = server;
    await using store = valkeyStore({ url: valkey.url });
    await store.apply(rangeBatch(0, ticks(10)));
    const everything = () => store.read({ keys: [{ key: "total", kind: "value" }] });
    const before = await everything();
    await redis.config("SET", "maxmemory", (await usedMemory(redis)) - 500_000);
    const batch = rangeBatch(10, ticks(10));
    await expect(store.apply(batch)).rejects.toThrow(
      `Cannot apply 10 events of lane kafka to ${valkey.url}/0: OOM`,
    );
    expect(await everything()).toEqual(before);
    await redis.config("SET", "maxmemory", "100mb");
    expect(await store.apply(batch)).toMatchObject({ status: "applied", cursor: 20 });
  });
});
