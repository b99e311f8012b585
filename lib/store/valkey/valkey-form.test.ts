import { describe, expect, test } from "bun:test";
import { Redis } from "ioredis";
import { parts } from "../../../tools/parts/testing.ts";
import { eventIdBytes } from "../../event/event-id.ts";
import type { FoldPlan } from "../fold-plan.ts";
import { prefold } from "../prefold.ts";
import { climaEvent } from "../testing/clima-events.ts";
import { eventOf, idAt, rangeBatch } from "../testing/fold-events.ts";
import { removeAll } from "../testing/valkey-under-test.ts";
import { planBytes } from "./plan-bytes.ts";
import { valkeyStore } from "./valkey-store.ts";

const most = Number.MAX_SAFE_INTEGER;

/** A client with a prefix of its own on the shared server. */
function ownCorner(url: string) {
  const prefix = `${crypto.randomUUID()}:`;
  const redis = new Redis(url);
  return {
    redis,
    prefix,
    async [Symbol.asyncDispose]() {
      redis.disconnect();
      await removeAll(url, prefix);
    },
  };
}

describe.skipIf(!parts)("what stands in Valkey", () => {
  const url = parts?.valkey ?? "";

  test("is the users' data as the contract has it, and ours under tp:", async () => {
    await using corner = ownCorner(url);
    const { redis, prefix } = corner;
    await using store = valkeyStore({ url, prefix });
    const id = idAt(Date.now());
    const event = climaEvent(id, { municipality: 2, temperature: 25, humidity: 60, weather: 1 });
    await store.apply(rangeBatch(0, [event]));
    const record = await redis.hgetall(`${prefix}municipality:guatemala`);
    expect(Object.keys(record)).toEqual([
      "name",
      "temperature",
      "humidity",
      "weather",
      "last_update",
    ]);
    const leftMs = await redis.pttl(`${prefix}municipality:guatemala`);
    expect(leftMs).toBeGreaterThan(3_590_000);
    expect(leftMs).toBeLessThanOrEqual(3_600_000);

    const bytes = eventIdBytes(id);
    const bucket = bytes.toString("hex", 0, 4);
    const names = (await redis.keys(`${prefix}tp:*`)).map((key) => key.slice(prefix.length));
    expect(names.sort()).toEqual([
      "tp:buckets",
      "tp:cursor",
      `tp:ids:${bucket}`,
      "tp:ledger",
      "tp:meta",
      "tp:version:municipality:guatemala",
    ]);
    const fingerprint = await redis.hgetBuffer(`${prefix}tp:ids:${bucket}`, bytes.subarray(4));
    expect(fingerprint?.readUInt32BE()).toBe(event.fingerprint);
    expect(await redis.getBuffer(`${prefix}tp:version:municipality:guatemala`)).toEqual(bytes);
    expect(await redis.hgetall(`${prefix}tp:cursor`)).toEqual({ "topic/0": "1" });
    expect(await redis.xlen(`${prefix}clima:guatemala`)).toBe(1);
    const [entry] = await redis.xrange(`${prefix}clima:guatemala`, "-", "+");
    expect(entry?.[0]).toBe(`${Number.parseInt(bytes.toString("hex", 0, 6), 16)}-0`);
  });

  test("may be of types that no operation makes: then events are refused", async () => {
    await using corner = ownCorner(url);
    const { redis, prefix } = corner;
    await using store = valkeyStore({ url, prefix });
    await redis.zadd(`${prefix}sorted`, 1, "a");
    await redis.xadd(`${prefix}used-up`, "18446744073709551615-18446744073709551615", "a", "1");
    const batch = rangeBatch(0, [
      eventOf([{ op: "count", key: "good" }]),
      eventOf([{ op: "count", key: "sorted" }]),
      eventOf([{ op: "append", key: "used-up", fields: { a: 1 }, maxLength: 5 }]),
    ]);
    expect(await store.apply(batch)).toEqual({
      status: "refused",
      events: [1, 2],
      reason: 'key "sorted" is of another type: current value is a zset (and 1 more)',
    });
    expect(await redis.exists(`${prefix}good`)).toBe(0);
  });

  test("is exact: the script reads every number as the client wrote it", async () => {
    await using corner = ownCorner(url);
    const numbers = [
      0,
      1,
      127,
      128,
      255,
      256,
      65_535,
      65_536,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 32,
      2 ** 53 - 2,
    ]
      .concat(1_763_824_000_123, most)
      .flatMap((number) => [number, -number + 0]);
    const operations = numbers.map(
      (value, i) => ({ op: "sum", key: "k", field: `${i}`, value }) as const,
    );
    const plan: FoldPlan = prefold([eventOf(operations)], [true]);
    const script = `
      local texts = {}
      for i, number in ipairs(cmsgpack.unpack(ARGV[1])[3][4]) do texts[i] = string.format('%.0f', number) end
      return texts`;
    expect(await corner.redis.eval(script, 0, planBytes(plan))).toEqual(numbers.map(String));
  });
});
