import { describe, expect, test } from "bun:test";
import type { Redis } from "ioredis";
import { parts } from "../../../tools/parts/testing.ts";
import { newEventId } from "../../event/event-id.ts";
import { until } from "../../testing/until.ts";
import type { FoldEvent, Store } from "../store.ts";
import { laneBatch, rangeBatch, ticks, times } from "../testing/fold-events.ts";
import { privateValkey } from "../testing/private-valkey.ts";
import { redisAt } from "../testing/redis-at.ts";
import { watchedValkey } from "../testing/watched-valkey.ts";
import { valkeyKeys } from "./valkey-keys.ts";
import { valkeyStore } from "./valkey-store.ts";

const total = { keys: [{ key: "total", kind: "value" }] } as const;
const size = 5;
const commandTimeoutMs = 1_000;
const patiently = { timeoutMs: 60_000, everyMs: 50 };

/** Folds batches of both lanes, each again until it is told to be stored, until `over`. */
async function foldOn(store: Store, over: AbortSignal) {
  const told: FoldEvent[] = [];
  let cursor = 0;
  while (!over.aborted) {
    const batch = laneBatch("rabbit", ticks(size));
    const applied = await until("a batch of RabbitMQ's lane", () => store.apply(batch), patiently);
    if (applied.status === "applied") told.push(...batch.events);
    const next = rangeBatch(cursor, ticks(size));
    const result = await until("a batch of Kafka's lane", () => store.apply(next), patiently);
    // What a failover took back is delivered again from the cursor that there is.
    cursor = "cursor" in result ? (result.cursor ?? cursor) : cursor;
  }
  return { told, cursor };
}

async function anyPrimary(servers: readonly Redis[]): Promise<boolean> {
  const told = await Promise.all(servers.map((each) => each.info("replication")));
  return told.some((each) => each.includes("role:master"));
}

describe.skipIf(!parts)("a Valkey under sentinels", () => {
  test("has all that was told, of either lane, after its primary and the next one were killed under load", async () => {
    await using valkey = await watchedValkey();
    const options = { url: valkey.url, replicas: 1, commandTimeoutMs };
    await using store = valkeyStore(options);
    await until("the first answer", () => store.cursors([]));
    const over = new AbortController();
    const folding = foldOn(store, over.signal);
    try {
      for (let round = 0; round < 2; round++) {
        const primary = await valkey.primary();
        const before = Number((await until("a count", () => store.read(total))).keys[0] ?? 0);
        const grown = () =>
          until(
            "more of it",
            async () => Number((await store.read(total)).keys[0]) > before + 50,
            patiently,
          );
        await grown();
        await primary.server.kill();
        await valkey.primaryAfter(primary);
        await primary.server.start();
        await until("all three again", () => valkey.whole(), patiently);
      }
    } finally {
      over.abort();
    }
    const { told, cursor } = await folding;
    const { keys, lanes, cursors } = await store.read(total);
    expect(cursors.get("topic/0")).toBe(cursor);
    expect(Number(keys[0])).toBe(told.length + cursor);
    expect(lanes.rabbit).toMatchObject({ applied: told.length });
    const again = await store.apply(laneBatch("rabbit", told.slice(-250)));
    expect(again).toMatchObject({ verdicts: times(Math.min(250, told.length), "duplicate") });
  }, 300_000);

  test("is left for another when its primary is frozen; what that one does on waking up counts nowhere", async () => {
    await using valkey = await watchedValkey();
    await using store = valkeyStore({ url: valkey.url, replicas: 1, commandTimeoutMs });
    await until("the first batch", () => store.apply(laneBatch("rabbit", ticks(size))));
    const first = await valkey.primary();
    first.server.freeze();
    const batch = laneBatch("rabbit", ticks(size));
    await expect(store.apply(batch)).rejects.toThrow("Cannot apply 5 events of lane rabbit");
    const second = await valkey.primaryAfter(first);
    const stored = await until("the batch", () => store.apply(batch), patiently);
    expect(stored).toMatchObject({ verdicts: times(size, "applied") });
    first.server.unfreeze();
    const old = redisAt(first.url);
    const isCopy = async () => /role:slave/.test(await old.info("replication"));
    await until("the first as a copy", isCopy, patiently);
    const follows = async () => (await old.get("total")) === String(2 * size);
    await until("what the second has", follows, patiently);
    old.disconnect();
    expect(await valkey.primary()).toBe(second);
    expect((await store.read(total)).keys).toEqual([String(2 * size)]);
  }, 120_000);

  test("is not believed where it hung and wakes up when another was just chosen, though a copy still confirms it", async () => {
    await using valkey = await watchedValkey({ downAfterMs: 6_000 });
    await using store = valkeyStore({ url: valkey.url, replicas: 1, commandTimeoutMs: 9_000 });
    await until("the first batch", () => store.apply(laneBatch("rabbit", ticks(size))));
    const first = await valkey.primary();
    const others = valkey.servers.filter((each) => each !== first).map(({ url }) => redisAt(url));
    first.server.freeze();
    const over = new AbortController();
    const folding = foldOn(store, over.signal);
    await until("the choice of another", () => anyPrimary(others), { ...patiently, everyMs: 5 });
    first.server.unfreeze();
    for (const each of others) each.disconnect();
    await valkey.primaryAfter(first);
    await until("all three again", () => valkey.whole(), patiently);
    over.abort();
    const { told, cursor } = await folding;
    expect(Number((await store.read(total)).keys[0])).toBe(size + told.length + cursor);
  }, 120_000);

  test("that was a primary and takes itself for one again gives nobody its word", async () => {
    await using valkey = await watchedValkey({ heedless: true });
    const first = await valkey.primary();
    await first.server.kill();
    await valkey.primaryAfter(first);
    await first.server.start();
    // Whoever has its address by heart, and does not ask the sentinels.
    await using store = valkeyStore({ url: first.url, replicas: 1, commandTimeoutMs });
    await using keys = valkeyKeys({ url: first.url, replicas: 1, commandTimeoutMs });
    const refusal = /NOREPLICAS|too few replicas have it|READONLY|it is not connected/;
    await expect(store.apply(laneBatch("rabbit", ticks(1)))).rejects.toThrow(refusal);
    await expect(keys.claim("a", newEventId(), 1)).rejects.toThrow(refusal);
  }, 120_000);

  test("is not reached where no sentinel answers, which is said in time", async () => {
    const url = "redis+sentinel://a:secret@127.0.0.1:1,127.0.0.1:2/primary/3";
    await using store = valkeyStore({ url, commandTimeoutMs: 10_000 });
    await expect(store.cursors([])).rejects.toThrow(
      "Cannot read the cursors of redis+sentinel://127.0.0.1:1,127.0.0.1:2/primary/3: it is not connected: All sentinels are unreachable",
    );
  });
});

describe.skipIf(!parts)("what a copy lacks", () => {
  test("is believed on no connection, whoever wrote it", async () => {
    await using server = await privateValkey({ replicas: 1 });
    const { valkey } = server;
    const options = { url: valkey.url, replicas: 1, commandTimeoutMs: 600 };
    const [copy] = valkey.replicas;
    copy?.server.freeze();
    const batch = laneBatch("rabbit", ticks(3));
    const id = newEventId();
    const few = "too few replicas have it: current value is 0 of 1";
    for (let connection = 0; connection < 3; connection++) {
      await using store = valkeyStore(options);
      await expect(store.apply(batch)).rejects.toThrow(few);
      await using keys = valkeyKeys(options);
      await expect(keys.claim("a", id, 1)).rejects.toThrow(few);
    }
    copy?.server.unfreeze();
    await using keys = valkeyKeys(options);
    expect(await until("the copy", () => keys.claim("a", newEventId(), 1))).toEqual({
      ...{ claimed: true, id },
    });
  }, 30_000);
});
