import { expect, test } from "bun:test";
import { emptyLedger } from "../ledger.ts";
import { laneBatch, rangeBatch, tick, ticks, times, withAside } from "../testing/fold-events.ts";
import type { DriverUnderTest } from "../testing/under-test.ts";

const total = { keys: [{ key: "total", kind: "value" }] } as const;

/** Where a lane with offsets stands. */
export function cursorSuite(driver: DriverUnderTest): void {
  test("apply() moves the cursor with the batch", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    expect(await store.apply(rangeBatch(0, ticks(3)))).toEqual({
      status: "applied",
      verdicts: times(3, "applied"),
      cursor: 3,
    });
    expect(await store.apply(rangeBatch(3, ticks(2)))).toMatchObject({ cursor: 5 });
    expect(await store.cursors(["topic/0"])).toEqual(new Map([["topic/0", 5]]));
  });

  test("apply() answers behind to a batch that it had, and does nothing", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const batch = rangeBatch(0, ticks(3));
    await store.apply(batch);
    const before = await store.read(total);
    expect(await store.apply(batch)).toEqual({ status: "behind", cursor: 3 });
    expect(await store.apply(rangeBatch(1, ticks(2)))).toEqual({ status: "behind", cursor: 3 });
    expect(await store.read(total)).toEqual(before);
  });

  test("apply() answers ahead to a batch beyond the cursor, and does nothing", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    expect(await store.apply(rangeBatch(4, ticks(1)))).toEqual({ status: "ahead", cursor: 0 });
    await store.apply(rangeBatch(0, ticks(3)));
    const before = await store.read(total);
    expect(await store.apply(rangeBatch(4, ticks(1)))).toEqual({ status: "ahead", cursor: 3 });
    expect(await store.read(total)).toEqual(before);
  });

  test("apply() skips what lies behind the cursor, whatever it is, and counts it nowhere", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    await store.apply(rangeBatch(0, ticks(3)));
    const overlap = withAside(rangeBatch(1, ticks(4)), 0, "undecodable");
    expect(await store.apply(overlap)).toEqual({
      status: "applied",
      verdicts: ["skipped", "skipped", "applied", "applied"],
      cursor: 5,
    });
    const { keys, lanes } = await store.read(total);
    expect(keys).toEqual(["5"]);
    expect(lanes).toEqual({ kafka: { ...emptyLedger(), applied: 5 } });
  });

  test("apply() refuses a batch with a gap that nobody declared", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const batch = rangeBatch(0, ticks(3));
    const torn = { ...batch, events: batch.events.filter((_, i) => i !== 1) };
    await expect(store.apply(torn)).rejects.toThrow(
      "Cannot apply a batch of lane kafka: offsets are missing and no gap is declared: current value is 1, from 1 on",
    );
    expect(await store.cursors(["topic/0"])).toEqual(new Map());
  });

  test.each(["hole", "lost"] as const)("apply() counts a %s by its offsets", async (gap) => {
    await using data = driver.fresh();
    await using store = data.connect();
    const events = [tick({ offset: 2 }), tick({ offset: 5 })];
    const batch = {
      ...laneBatch("kafka", events),
      range: { partition: "topic/0", from: 0, to: 7, gap },
    };
    expect(await store.apply(batch)).toMatchObject({ status: "applied", cursor: 7 });
    const { lanes } = await store.read({});
    expect(lanes.kafka).toEqual({ ...emptyLedger(), applied: 2, [gap]: 5 });
  });

  test("apply() counts of a gap only what lies beyond the cursor", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    await store.apply(rangeBatch(0, ticks(4)));
    const events = [tick({ offset: 1 }), tick({ offset: 6 })];
    const range = { partition: "topic/0", from: 0, to: 9, gap: "lost" } as const;
    const result = await store.apply({ ...laneBatch("kafka", events), range });
    expect(result).toEqual({ status: "applied", verdicts: ["skipped", "applied"], cursor: 9 });
    expect((await store.read({})).lanes.kafka).toEqual({ ...emptyLedger(), applied: 5, lost: 4 });
  });

  test("apply() passes a gap with no message at all", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const far = 5_000_000_000;
    const range = { partition: "topic/0", from: 0, to: far, gap: "lost" } as const;
    expect(await store.apply({ ...laneBatch("kafka", []), range })).toEqual({
      status: "applied",
      verdicts: [],
      cursor: far,
    });
    expect(await store.apply(rangeBatch(far, ticks(2)))).toMatchObject({ cursor: far + 2 });
    expect((await store.read({})).lanes.kafka).toMatchObject({ lost: far, applied: 2 });
  });

  test("apply() begins at 0 for a topic that was made anew", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    await store.apply(rangeBatch(0, ticks(3), { partition: "old-id/0" }));
    const anew = rangeBatch(0, ticks(2), { partition: "new-id/0" });
    expect(await store.apply(anew)).toMatchObject({ status: "applied", cursor: 2 });
    expect((await store.read(total)).keys).toEqual(["5"]);
    const cursors = new Map([
      ["old-id/0", 3],
      ["new-id/0", 2],
    ]);
    expect(await store.cursors(["old-id/0", "none", "new-id/0"])).toEqual(cursors);
    expect((await store.read({})).cursors).toEqual(cursors);
  });

  test("apply() takes one of many equal batches at the same moment", async () => {
    await using data = driver.fresh();
    await using one = data.connect();
    await using other = data.connect();
    const batch = rangeBatch(0, ticks(20));
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 ? one : other).apply(batch)),
    );
    const statuses: string[] = results.map(({ status }) => status).sort();
    expect(statuses).toEqual(["applied", ...Array.from({ length: 9 }, () => "behind")]);
    expect((await one.read(total)).keys).toEqual(["20"]);
  });

  test("apply() counts redelivered and unidentified messages per lane", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    await store.apply({ ...laneBatch("rabbit", ticks(3)), redelivered: 2, unidentified: 1 });
    await store.apply(rangeBatch(0, ticks(1)));
    expect((await store.read({})).lanes).toEqual({
      rabbit: { ...emptyLedger(), applied: 3, redelivered: 2, unidentified: 1 },
      kafka: { ...emptyLedger(), applied: 1 },
    });
  });
}
