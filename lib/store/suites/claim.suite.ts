import { expect, test } from "bun:test";
import { emptyLedger } from "../ledger.ts";
import {
  eventOf,
  idAt,
  laneBatch,
  rangeBatch,
  tick,
  ticks,
  times,
  withAside,
} from "../testing/fold-events.ts";
import type { DriverUnderTest } from "../testing/under-test.ts";

const total = { keys: [{ key: "total", kind: "value" }] } as const;
const bucketMs = 65_536;

/** Every id has one effect. */
export function claimSuite(driver: DriverUnderTest): void {
  test("apply() counts an id once that comes twice in a batch", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const event = tick();
    expect(await store.apply(laneBatch("rabbit", [event, tick(), event]))).toEqual({
      status: "applied",
      verdicts: ["applied", "applied", "duplicate"],
      cursor: undefined,
    });
    const { keys, lanes } = await store.read(total);
    expect(keys).toEqual(["2"]);
    expect(lanes.rabbit).toEqual({ ...emptyLedger(), applied: 2, duplicate: 1 });
  });

  test("apply() counts an id once that comes by two lanes", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const events = ticks(4);
    await store.apply(rangeBatch(0, events.slice(1)));
    expect(await store.apply(laneBatch("rabbit", events))).toMatchObject({
      verdicts: ["applied", ...times(3, "duplicate")],
    });
    expect(await store.apply(laneBatch("rabbit", events))).toMatchObject({
      verdicts: times(4, "duplicate"),
    });
    const { keys, lanes, ids } = await store.read({ ...total, ids: events.map(({ id }) => id) });
    expect(keys).toEqual(["4"]);
    expect(ids).toEqual([true, true, true, true]);
    expect(lanes).toEqual({
      kafka: { ...emptyLedger(), applied: 3 },
      rabbit: { ...emptyLedger(), applied: 1, duplicate: 7 },
    });
  });

  test("apply() counts each id once when two lanes bring them at the same moment", async () => {
    await using data = driver.fresh();
    await using kafka = data.connect();
    await using rabbit = data.connect();
    const events = ticks(600);
    const calls = Array.from({ length: 20 }, (_, i) => [
      kafka.apply(rangeBatch(i * 30, events.slice(i * 30, i * 30 + 30))),
      rabbit.apply(laneBatch("rabbit", events.slice(570 - i * 30, 600 - i * 30))),
    ]);
    const results = await Promise.all(calls.flat());
    expect(results.map(({ status }) => status)).toEqual(
      Array.from({ length: 40 }, () => "applied"),
    );
    const { keys, lanes } = await kafka.read(total);
    expect(keys).toEqual(["600"]);
    const counted = [lanes.kafka, lanes.rabbit].map((lane) => lane?.applied ?? 0);
    expect(counted[0]).toBeGreaterThanOrEqual(0);
    expect((counted[0] ?? 0) + (counted[1] ?? 0)).toBe(600);
    expect(lanes.kafka?.duplicate).toBe(600 - (counted[0] ?? 0));
  });

  test("apply() does nothing where an id belongs to another payload, until that is set aside", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const event = tick();
    await store.apply(laneBatch("rabbit", [event]));
    const before = await store.read(total);
    const other = { ...event, fingerprint: 2 };
    const batch = rangeBatch(0, [tick(), other, event]);
    const verdicts = ["applied", "conflict", "duplicate"] as const;
    expect(await store.apply(batch)).toEqual({ status: "unsettled", verdicts });
    expect(await store.read(total)).toEqual(before);
    expect(await store.apply(withAside(batch, 1, "conflict"))).toEqual({
      status: "applied",
      verdicts: ["applied", "setAside", "duplicate"],
      cursor: 3,
    });
    const { keys, lanes } = await store.read(total);
    expect(keys).toEqual(["2"]);
    expect(lanes.kafka).toEqual({ ...emptyLedger(), applied: 1, duplicate: 1, conflict: 1 });
    expect(await store.apply(laneBatch("redriven", [other]))).toEqual({
      status: "unsettled",
      verdicts: ["conflict"],
    });
    const redriven = await store.apply(laneBatch("redriven", [{ ...other, id: idAt(Date.now()) }]));
    expect(redriven).toMatchObject({ verdicts: ["applied"] });
  });

  test("apply() tells two payloads under one id within a batch", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const event = tick();
    const batch = laneBatch("rabbit", [event, { ...event, fingerprint: 4_000_000_000 }]);
    expect(await store.apply(batch)).toEqual({
      status: "unsettled",
      verdicts: ["applied", "conflict"],
    });
    expect(await store.apply(withAside(batch, 0, "conflict"))).toMatchObject({
      verdicts: ["setAside", "applied"],
    });
    expect(await store.apply(laneBatch("rabbit", batch.events.slice(1)))).toMatchObject({
      verdicts: ["duplicate"],
    });
  });

  test.each(["undecodable", "refused", "conflict"] as const)(
    "apply() counts an event set aside as %s and leaves its id for a redrive",
    async (reason) => {
      await using data = driver.fresh();
      await using store = data.connect();
      const event = tick();
      const batch = rangeBatch(0, [tick(), { ...event, setAside: reason }]);
      expect(await store.apply(batch)).toEqual({
        status: "applied",
        verdicts: ["applied", "setAside"],
        cursor: 2,
      });
      const { keys, lanes, ids } = await store.read({ ...total, ids: [event.id] });
      expect(keys).toEqual(["1"]);
      expect(ids).toEqual([false]);
      expect(lanes.kafka).toEqual({ ...emptyLedger(), applied: 1, [reason]: 1 });
      expect(await store.apply(laneBatch("redriven", [event]))).toMatchObject({
        verdicts: ["applied"],
      });
    },
  );

  test("apply() drops whole buckets of oldest ids beyond idsMax; what is older than those is late", async () => {
    await using data = driver.fresh({ idsMax: 10 });
    await using store = data.connect();
    const startMs = Date.now() - 100 * bucketMs;
    const bucket = (n: number) =>
      Array.from({ length: 4 }, () => tick({ id: idAt(startMs + n * bucketMs) }));
    const [a, b, c, d] = [bucket(0), bucket(1), bucket(2), bucket(3)];
    for (const events of [a, b, c, d]) await store.apply(laneBatch("rabbit", events));
    const { ids } = await store.read({ ids: [...a, ...b, ...c, ...d].map(({ id }) => id) });
    expect(ids).toEqual([
      ...times(8, "late").map(() => false),
      ...times(8, "applied").map(() => true),
    ]);

    const older = tick({ id: idAt(startMs - bucketMs) });
    const batch = rangeBatch(0, [...a.slice(0, 1), ...c.slice(0, 1), tick(), older]);
    const verdicts = ["late", "duplicate", "applied", "late"] as const;
    expect(await store.apply(batch)).toEqual({ status: "unsettled", verdicts });
    expect((await store.read(total)).keys).toEqual(["16"]);
    const settled = withAside(withAside(batch, 0, "late"), 3, "late");
    expect(await store.apply(settled)).toMatchObject({ status: "applied", cursor: 4 });
    const { keys, lanes } = await store.read(total);
    expect(keys).toEqual(["17"]);
    expect(lanes.kafka).toEqual({ ...emptyLedger(), applied: 1, duplicate: 1, late: 2 });
  });

  test("apply() does not call the first events late, however old, nor a bucket that was never dropped", async () => {
    await using data = driver.fresh({ idsMax: 10 });
    await using store = data.connect();
    const old = [1_000, 5_000_000, 0].map((ms) => tick({ id: idAt(Date.now() - 864e5 - ms) }));
    for (const event of [...old, ...ticks(5)]) {
      expect(await store.apply(laneBatch("rabbit", [event]))).toMatchObject({
        verdicts: ["applied"],
      });
    }
  });

  test("apply() keeps the newest bucket whole, whatever its size", async () => {
    await using data = driver.fresh({ idsMax: 10 });
    await using store = data.connect();
    const nowMs = Date.now();
    const events = Array.from({ length: 100 }, () => tick({ id: idAt(nowMs) }));
    await store.apply(laneBatch("rabbit", events));
    expect(await store.apply(laneBatch("rabbit", events))).toMatchObject({
      verdicts: times(100, "duplicate"),
    });
  });

  test("what apply() answered is there for the next handle on the data", async () => {
    await using data = driver.fresh();
    const event = eventOf([{ op: "count", key: "total" }]);
    const first = data.connect();
    await first.apply(rangeBatch(0, [event]));
    await first[Symbol.asyncDispose]();
    await using second = data.connect();
    expect(await second.apply(rangeBatch(0, [event]))).toEqual({ status: "behind", cursor: 1 });
    expect((await second.read(total)).keys).toEqual(["1"]);
  });
}
