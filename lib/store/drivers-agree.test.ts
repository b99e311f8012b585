import { describe, expect, test } from "bun:test";
import { parts } from "../../tools/parts/testing.ts";
import type { EventId } from "../event/event-id.ts";
import { embeddedStore } from "./embedded/embedded-store.ts";
import type { FoldBatch, FoldResult, Store } from "./store.ts";
import { seededRandom } from "./testing/random.ts";
import { randomBatches, randomKeys } from "./testing/random-batches.ts";
import { valkeyUnderTest } from "./testing/valkey-under-test.ts";

const idsMax = 3_000;
const batchCount = 500;

/** The batch as a consumer would apply it after `result`: what was late, in conflict or refused is set aside. */
function settled(batch: FoldBatch, result: FoldResult): FoldBatch | undefined {
  if (result.status === "refused") {
    const bad = new Set(result.events);
    return {
      ...batch,
      events: batch.events.map((event, i) =>
        bad.has(i) ? { ...event, setAside: "refused" } : event,
      ),
    };
  }
  if (result.status !== "unsettled") return undefined;
  return {
    ...batch,
    events: batch.events.map((event, i) => {
      const verdict = result.verdicts[i];
      return verdict === "late" || verdict === "conflict" ? { ...event, setAside: verdict } : event;
    }),
  };
}

async function everything(store: Store, ids: readonly EventId[]) {
  const view = await store.read({ keys: randomKeys, ids: ids.slice(-1_000) });
  return { ...view, keys: view.keys.map((value, i) => [randomKeys[i]?.key, value]) };
}

describe.skipIf(!parts)("embedded store and Valkey", () => {
  const seed = Math.floor(Math.random() * 2 ** 32);

  test(`answer and hold the same after ${batchCount} random batches of seed ${seed}`, async () => {
    await using data = valkeyUnderTest(parts?.valkey ?? "").fresh({ idsMax });
    await using valkey = data.connect();
    await using embedded = embeddedStore({ file: ":memory:", idsMax });
    const random = seededRandom(seed);
    const batches = randomBatches(random, Date.now() - 2 * 3_600_000);
    const seen = new Map<string, number>();
    const cursors = new Map<string, number>();
    for (let i = 0; i < batchCount; i++) {
      let batch: FoldBatch | undefined = batches.next(cursors);
      for (let tries = 0; batch !== undefined && tries < 4; tries++) {
        const results: FoldResult[] = await Promise.all([
          embedded.apply(batch),
          valkey.apply(batch),
        ]);
        const [first, second] = results;
        expect(second, `batch ${i}, seed ${seed}`).toEqual(first);
        if (first === undefined) break;
        seen.set(first.status, (seen.get(first.status) ?? 0) + 1);
        if ("cursor" in first && first.cursor !== undefined && batch.range !== undefined) {
          cursors.set(batch.range.partition, first.cursor);
        }
        batch = settled(batch, first);
      }
      if (i % 50 === 49) {
        expect(await everything(valkey, batches.ids), `after batch ${i}, seed ${seed}`).toEqual(
          await everything(embedded, batches.ids),
        );
      }
    }
    expect([...seen.keys()].sort()).toEqual(["ahead", "applied", "behind", "refused", "unsettled"]);
  }, 60_000);
});
