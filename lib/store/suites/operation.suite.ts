import { expect, test } from "bun:test";
import type { Operation } from "../../pipeline/operation.ts";
import { eventOf, idAt, laneBatch, rangeBatch, tick } from "../testing/fold-events.ts";
import type { DriverUnderTest } from "../testing/under-test.ts";

/** What operations leave in the store. */
export function operationSuite(driver: DriverUnderTest): void {
  test("apply() runs every operation", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const operations = (n: number): Operation[] => [
      { op: "count", key: "count" },
      { op: "countField", key: "stats", field: "n" },
      { op: "sum", key: "stats", field: "sum", value: -n },
      { op: "min", key: "stats", field: "min", value: n },
      { op: "max", key: "stats", field: "max", value: n },
      { op: "setHash", key: "record", fields: { n, name: `event ${n}` } },
      { op: "setHash", key: "stats", fields: { latest: n } },
      { op: "setValue", key: "value", value: `${n}` },
      { op: "append", key: "stream", fields: { n, ts: 1_763_824_000_123 }, maxLength: 3 },
      { op: "push", key: "list", value: n, maxLength: 2 },
    ];
    const events = [5, -3, 4, 2].map((n) => eventOf(operations(n)));
    await store.apply(rangeBatch(0, events.slice(0, 1)));
    await store.apply(rangeBatch(1, events.slice(1)));
    const { keys } = await store.read({
      keys: [
        { key: "count", kind: "value" },
        { key: "stats", kind: "hash" },
        { key: "record", kind: "hash" },
        { key: "value", kind: "value" },
        { key: "stream", kind: "stream" },
        { key: "list", kind: "list" },
      ],
    });
    expect(keys).toEqual([
      "4",
      { n: "4", sum: "-8", min: "-3", max: "5", latest: "2" },
      { n: "2", name: "event 2" },
      "2",
      [2, 4, -3].map((n) => ({ n: `${n}`, ts: "1763824000123" })),
      ["2", "4"],
    ]);
  });

  test.each([1, 2, 3, 4])(
    "apply() keeps what the newest event set, %d events a batch",
    async (size) => {
      await using data = driver.fresh();
      await using store = data.connect();
      const atMs = Date.now();
      const set = (ageMs: number, fields: Record<string, string>) =>
        eventOf(
          [
            { op: "setHash", key: "record", fields },
            { op: "setValue", key: "value", value: `${ageMs}` },
          ],
          { id: idAt(atMs - ageMs) },
        );
      const events = [
        set(3, { first: "3", name: "3" }),
        set(1, { name: "1", second: "1" }),
        set(2, { name: "2", first: "2", other: "2" }),
        set(0, { second: "0" }),
      ];
      for (let i = 0; i < events.length; i += size) {
        await store.apply(laneBatch("rabbit", events.slice(i, i + size)));
      }
      const { keys } = await store.read({
        keys: [
          { key: "record", kind: "hash" },
          { key: "value", kind: "value" },
        ],
      });
      expect(keys).toEqual([{ first: "3", name: "1", second: "0" }, "0"]);
    },
  );

  test("apply() lets one event write a key twice", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const event = eventOf([
      { op: "setHash", key: "record", fields: { a: 1, b: 1 } },
      { op: "setHash", key: "record", fields: { b: 2, c: 2 } },
      { op: "setValue", key: "value", value: "1" },
      { op: "setValue", key: "value", value: "2" },
    ]);
    await store.apply(laneBatch("rabbit", [event]));
    const { keys } = await store.read({
      keys: [
        { key: "record", kind: "hash" },
        { key: "value", kind: "value" },
      ],
    });
    expect(keys).toEqual([{ a: "1", b: "2", c: "2" }, "2"]);
  });

  test("apply() keeps a stream going when events come out of order", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const atMs = Date.now();
    const entry = (n: number, ageMs: number) =>
      eventOf([{ op: "append", key: "stream", fields: { n }, maxLength: 10 }], {
        id: idAt(atMs - ageMs),
      });
    await store.apply(laneBatch("rabbit", [entry(1, 0), entry(2, 9_000_000)]));
    await store.apply(laneBatch("rabbit", [entry(3, 9_000_000), entry(4, 0), entry(5, 0)]));
    const { keys } = await store.read({ keys: [{ key: "stream", kind: "stream", limit: 4 }] });
    expect(keys).toEqual([[5, 4, 3, 2].map((n) => ({ n: `${n}` }))]);
  });

  test("apply() gives zero no sign, so that it can be counted on from", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const event = () =>
      eventOf([
        { op: "sum", key: "k", field: "sum", value: -0 },
        { op: "min", key: "k", field: "min", value: -0 },
        { op: "max", key: "k", field: "max", value: -0 },
        { op: "setHash", key: "k", fields: { set: -0 } },
        { op: "push", key: "list", value: -0, maxLength: 2 },
      ]);
    await store.apply(rangeBatch(0, [event(), event()]));
    expect(await store.apply(rangeBatch(2, [event()]))).toMatchObject({ cursor: 3 });
    const { keys } = await store.read({
      keys: [
        { key: "k", kind: "hash" },
        { key: "list", kind: "list" },
      ],
    });
    expect(keys).toEqual([{ sum: "0", min: "0", max: "0", set: "0" }, ["0", "0"]]);
  });

  test("apply() and read() take any text as key, field and value", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const texts = [
      "",
      " ",
      "a\0b",
      "a\0c",
      "__proto__",
      "constructor",
      "ñandú 🌧",
      "\ud800",
      "x".repeat(200),
      "ñ".repeat(9_000),
      "x".repeat(70_000),
    ];
    const operations = texts.flatMap((text): Operation[] => [
      { op: "setValue", key: `value ${text}`, value: text },
      { op: "countField", key: "fields", field: text },
      { op: "append", key: "stream", fields: { text }, maxLength: 100 },
      { op: "push", key: "list", value: text, maxLength: 100 },
    ]);
    expect(await store.apply(rangeBatch(0, [eventOf(operations)]))).toMatchObject({ cursor: 1 });
    const { keys } = await store.read({
      keys: [
        ...texts.map((text) => ({ key: `value ${text.toWellFormed()}`, kind: "value" }) as const),
        { key: "fields", kind: "hash" },
        { key: "stream", kind: "stream" },
        { key: "list", kind: "list" },
      ],
    });
    const formed = texts.map((text) => text.toWellFormed());
    expect(keys).toEqual([
      ...formed,
      Object.fromEntries(formed.map((text) => [text, "1"])),
      formed.map((text) => ({ text })).reverse(),
      formed.toReversed(),
    ]);
  });

  test("apply() takes thousands of fields, values and entries in one batch", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const many = Array.from({ length: 50 }, (_, i) => i);
    const events = Array.from({ length: 100 }, (_, e) =>
      eventOf(
        many.flatMap((i): Operation[] => [
          { op: "countField", key: "fields", field: `${e}/${i}` },
          { op: "push", key: "list", value: `${e}/${i}`, maxLength: 4_500 },
          { op: "setValue", key: `value/${e}/${i}`, value: `${i}`, ttlMs: 3_600_000 },
        ]),
      ),
    );
    expect(await store.apply(rangeBatch(0, events))).toMatchObject({ status: "applied" });
    const { keys } = await store.read({
      keys: [
        { key: "fields", kind: "hash" },
        { key: "list", kind: "list", limit: 5_000 },
        { key: "value/99/49", kind: "value" },
      ],
    });
    expect(Object.keys(keys[0] ?? {})).toHaveLength(5_000);
    expect(keys[1]).toHaveLength(4_500);
    expect(keys[2]).toBe("49");
  });

  test("read() answers for keys that are not there or of another kind", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    await store.apply(laneBatch("rabbit", [tick()]));
    const kinds = ["value", "hash", "stream", "list"] as const;
    const { keys } = await store.read({
      keys: [
        ...kinds.map((kind) => ({ key: "total", kind })),
        ...kinds.map((kind) => ({ key: "none", kind })),
      ],
    });
    expect(keys).toEqual(["1", ...Array.from({ length: 7 }, () => undefined)]);
  });

  test("read() refuses a query without end", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const ids = Array.from({ length: 1_001 }, () => idAt(Date.now()));
    await expect(store.read({ ids })).rejects.toThrow("current value is 1001");
    const keys = [{ key: "k", kind: "list", limit: 0 }] as const;
    await expect(store.read({ keys })).rejects.toThrow("current value is 0");
  });
}
