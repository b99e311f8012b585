import { expect, test } from "bun:test";
import type { EventLog } from "../event-log.ts";
import { laneBatch, rangeBatch, times, withAside } from "../testing/fold-events.ts";
import {
  all,
  entriesOf,
  type LogDriverUnderTest,
  logged,
  loggedMany,
} from "../testing/log-under-test.ts";

/** How far a log has come on a lane with offsets. */
export function logCursorSuite(driver: LogDriverUnderTest): void {
  test("apply() writes each record once and moves the cursor", async () => {
    await using data = driver.fresh();
    await using log = data.connect();
    const batch = rangeBatch(0, loggedMany(3));
    expect(await log.apply(batch)).toEqual({
      status: "applied",
      verdicts: times(3, "applied"),
      cursor: 3,
    });
    expect(await log.apply(rangeBatch(3, loggedMany(2)))).toMatchObject({ cursor: 5 });
    expect(await log.cursors(["topic/0", "topic/1"])).toEqual(new Map([["topic/0", 5]]));
    expect((await all(log)).slice(2)).toEqual(entriesOf(batch.events));
  });

  test("apply() answers behind to a batch that it had, and does nothing", async () => {
    await using data = driver.fresh();
    await using log = data.connect();
    const batch = rangeBatch(0, loggedMany(3));
    await log.apply(batch);
    expect(await log.apply(batch)).toEqual({ status: "behind", cursor: 3 });
    expect(await log.apply(rangeBatch(1, loggedMany(2)))).toEqual({ status: "behind", cursor: 3 });
    expect(await all(log)).toEqual(entriesOf(batch.events));
  });

  test("apply() answers ahead to a batch beyond the cursor, and does nothing", async () => {
    await using data = driver.fresh();
    await using log = data.connect();
    expect(await log.apply(rangeBatch(4, loggedMany(1)))).toEqual({ status: "ahead", cursor: 0 });
    await log.apply(rangeBatch(0, loggedMany(3)));
    expect(await log.apply(rangeBatch(4, loggedMany(1)))).toEqual({ status: "ahead", cursor: 3 });
    expect(await all(log)).toHaveLength(3);
  });

  test("apply() skips what lies behind the cursor, whatever it is", async () => {
    await using data = driver.fresh();
    await using log = data.connect();
    await log.apply(rangeBatch(0, loggedMany(3)));
    const overlap = withAside(rangeBatch(1, loggedMany(4)), 0, "undecodable");
    expect(await log.apply(overlap)).toEqual({
      status: "applied",
      verdicts: ["skipped", "skipped", "applied", "applied"],
      cursor: 5,
    });
    expect(await all(log)).toHaveLength(5);
  });

  test("apply() refuses a batch with a gap that nobody declared", async () => {
    await using data = driver.fresh();
    await using log = data.connect();
    const batch = rangeBatch(0, loggedMany(3));
    const torn = { ...batch, events: batch.events.filter((_, i) => i !== 1) };
    await expect(log.apply(torn)).rejects.toThrow("offsets are missing and no gap is declared");
    expect([await all(log), await log.cursors(["topic/0"])]).toEqual([[], new Map()]);
  });

  test.each(["hole", "lost"] as const)(
    "apply() passes a %s, with messages and without",
    async (gap) => {
      await using data = driver.fresh();
      await using log = data.connect();
      const events = [logged({ at: 2 }, { offset: 2 }), logged({ at: 5 }, { offset: 5 })];
      const range = { partition: "topic/0", from: 0, to: 7, gap };
      const batch = { ...laneBatch("kafka", events), range };
      expect(await log.apply(batch)).toMatchObject({ status: "applied", cursor: 7 });
      const far = 5_000_000_000;
      const none = { ...laneBatch("kafka", []), range: { ...range, from: 7, to: far } };
      expect(await log.apply(none)).toEqual({ status: "applied", verdicts: [], cursor: far });
      expect(await log.cursors(["topic/0"])).toEqual(new Map([["topic/0", far]]));
      expect(await all(log)).toHaveLength(2);
    },
  );

  test("apply() begins at 0 for a topic that was made anew", async () => {
    await using data = driver.fresh();
    await using log = data.connect();
    await log.apply(rangeBatch(0, loggedMany(3), { partition: "old-id/0" }));
    const anew = rangeBatch(0, loggedMany(2), { partition: "new-id/0" });
    expect(await log.apply(anew)).toMatchObject({ status: "applied", cursor: 2 });
    const cursors = new Map([
      ["old-id/0", 3],
      ["new-id/0", 2],
    ]);
    expect(await log.cursors(["old-id/0", "none", "new-id/0"])).toEqual(cursors);
  });

  test("two handles that race on one partition write each record once, and the cursor never goes back", async () => {
    await using data = driver.fresh();
    await using one = data.connect();
    await using other = data.connect();
    const events = loggedMany(200);
    const size = 10;
    const seen: number[] = [];
    let applied = 0;
    const run = async (log: EventLog) => {
      for (let from = 0; from < events.length; from += size) {
        const result = await log.apply(rangeBatch(from, events.slice(from, from + size)));
        if (!("cursor" in result)) throw new Error(`Cannot go on: ${result.status}`);
        if (result.status === "applied") {
          applied += result.verdicts.filter((verdict) => verdict === "applied").length;
        }
        seen.push((await one.cursors(["topic/0"])).get("topic/0") ?? 0);
      }
    };
    await Promise.all([run(one), run(other)]);
    expect(applied).toBe(events.length);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect((await all(other)).map(({ record }) => record.number)).toEqual(
      events.map((_, index) => index).reverse(),
    );
  });

  test("two handles may bring one batch at the same moment", async () => {
    await using data = driver.fresh();
    await using one = data.connect();
    await using other = data.connect();
    const batch = rangeBatch(0, loggedMany(20));
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 ? one : other).apply(batch)),
    );
    expect(results.every(({ status }) => status === "applied" || status === "behind")).toBe(true);
    const verdicts = results.flatMap((each) => ("verdicts" in each ? each.verdicts : []));
    expect(verdicts.filter((verdict) => verdict === "applied")).toHaveLength(20);
    expect(await all(one)).toHaveLength(20);
    expect(await other.cursors(["topic/0"])).toEqual(new Map([["topic/0", 20]]));
  });

  test("a handle that comes later finds entries and cursors", async () => {
    await using data = driver.fresh();
    const batch = rangeBatch(0, loggedMany(3));
    {
      await using first = data.connect();
      await first.apply(batch);
    }
    await using second = data.connect();
    expect(await second.cursors(["topic/0"])).toEqual(new Map([["topic/0", 3]]));
    expect(await all(second)).toEqual(entriesOf(batch.events));
  });
}
