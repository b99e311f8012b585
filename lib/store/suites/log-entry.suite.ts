import { expect, test } from "bun:test";
import { laneBatch, rangeBatch, times, withAside } from "../testing/fold-events.ts";
import {
  all,
  entriesOf,
  type LogDriverUnderTest,
  logged,
  loggedMany,
} from "../testing/log-under-test.ts";

/** What a log writes for an event, and what not. */
export function logEntrySuite(driver: LogDriverUnderTest): void {
  test("an id twice is a duplicate: in one batch, in a later one, by another handle and lane", async () => {
    await using data = driver.fresh();
    await using one = data.connect();
    await using other = data.connect();
    const event = logged({ a: 1, b: "x" });
    const turned = { ...event, record: { b: "x", a: 1 } };
    const first = await one.apply(laneBatch("rabbit", [event, logged(), turned]));
    expect(first).toMatchObject({ verdicts: ["applied", "applied", "duplicate"] });
    const second = await other.apply(rangeBatch(0, [logged(), turned]));
    expect(second).toMatchObject({ verdicts: ["applied", "duplicate"], cursor: 2 });
    expect(await all(one)).toHaveLength(3);
  });

  test.each([
    ["another value", { name: "Soda Stereo", rank: "2" }],
    ["another type", { name: "Soda Stereo", rank: 1 }],
    ["a field less", { name: "Soda Stereo" }],
    ["a field more", { name: "Soda Stereo", rank: "1", year: "1990" }],
    ["a field of another name", { name: "Soda Stereo", toString: "1" }],
  ])("an id under %s is a conflict, and what stands there stays", async (_, record) => {
    await using data = driver.fresh();
    await using log = data.connect();
    const event = logged();
    await log.apply(rangeBatch(0, [event]));
    const batch = rangeBatch(1, [logged(), { ...event, record }]);
    const result = await log.apply(batch);
    expect(result).toMatchObject({ status: "unsettled" });
    expect("verdicts" in result && result.verdicts[1]).toBe("conflict");
    expect(await log.cursors(["topic/0"])).toEqual(new Map([["topic/0", 1]]));
    const settled = await log.apply(withAside(batch, 1, "conflict"));
    expect(settled).toMatchObject({ status: "applied", cursor: 3 });
    expect("verdicts" in settled && settled.verdicts[1]).toBe("setAside");
    expect(await all(log)).toEqual(entriesOf([event, ...batch.events.slice(0, 1)]));
  });

  test("of one id under two payloads in one batch the first stands", async () => {
    await using data = driver.fresh();
    await using log = data.connect();
    const event = logged({ side: "A" });
    const batch = laneBatch("rabbit", [event, { ...event, record: { side: "B" } }]);
    expect(await log.apply(batch)).toEqual({
      status: "unsettled",
      verdicts: ["applied", "conflict"],
    });
    expect(await log.apply(withAside(batch, 1, "conflict"))).toMatchObject({ status: "applied" });
    expect((await all(log)).map(({ record }) => record)).toEqual([{ side: "A" }]);
  });

  test("what was set aside leaves nothing, and may come again under its id", async () => {
    await using data = driver.fresh();
    await using log = data.connect();
    const batch = withAside(rangeBatch(0, [logged()]), 0, "refused");
    expect(await log.apply(batch)).toMatchObject({ verdicts: ["setAside"], cursor: 1 });
    expect(await all(log)).toEqual([]);
    expect(
      await log.apply(
        laneBatch(
          "rabbit",
          batch.events.map((event) => ({ ...event, setAside: undefined })),
        ),
      ),
    ).toMatchObject({ verdicts: ["applied"] });
  });

  test("markup, quotes, unicode and control characters stand there as they are", async () => {
    await using data = driver.fresh();
    await using log = data.connect();
    const texts = [
      `<img src=x onerror="alert('x')">`,
      `{"$where": "1"} '; DROP TABLE entries; --`,
      "Canción Animal · 日本語 · 🎸👩‍🎤 · \u202e",
      "line\nand\ttab\u0000and\u0007bell",
      "",
    ];
    const record = Object.fromEntries(texts.map((text, i) => [`ñ field <${i}>`, text]));
    const numbers = { whole: -7, half: 0.5, far: 2 ** 53, zero: -0 };
    await log.apply(laneBatch("rabbit", [logged({ ...record, ...numbers })]));
    const [entry] = await all(log);
    expect(entry?.record).toEqual({ ...record, ...numbers, zero: 0 });
    expect(await log.apply(laneBatch("rabbit", [logged({ half: "\ud800" })]))).toMatchObject({
      status: "applied",
    });
    expect((await log.newest(1))[0]?.record).toEqual({ half: "\ufffd" });
  });

  test.each([
    ["no record", undefined, "the event has no record"],
    ["a field of the log's own", { _id: "1" }, 'a field that no log takes: current value is "_id"'],
    ["an operator's name", { $set: 1 }, 'current value is "$set"'],
    ["a path for a name", { "a.b": 1 }, 'current value is "a.b"'],
    ["a number that is none", { a: Number.NaN }, "a of the record must be finite"],
  ])("an event with %s is refused, and the rest is taken without it", async (_, record, why) => {
    await using data = driver.fresh();
    await using log = data.connect();
    const bad = { ...logged(), record };
    const batch = rangeBatch(0, [logged(), bad]);
    const result = await log.apply(batch);
    expect(result).toMatchObject({ status: "refused", events: [1] });
    expect("reason" in result && result.reason).toContain(why);
    expect(await log.cursors(["topic/0"])).toEqual(new Map());
    expect(await log.apply(withAside(batch, 1, "refused"))).toMatchObject({ cursor: 2 });
    expect(await all(log)).toEqual(entriesOf(batch.events.slice(0, 1)));
  });

  test("500 events are one batch, more are none", async () => {
    await using data = driver.fresh();
    await using log = data.connect();
    const batch = rangeBatch(0, loggedMany(500));
    expect(await log.apply(batch)).toMatchObject({ verdicts: times(500, "applied"), cursor: 500 });
    expect(await all(log)).toEqual(entriesOf(batch.events));
    await expect(log.apply(rangeBatch(500, loggedMany(501)))).rejects.toThrow(
      "more than 500 events",
    );
  });
}
