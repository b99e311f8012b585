import { expect, test } from "bun:test";
import type { Operation } from "../../pipeline/operation.ts";
import { emptyLedger } from "../ledger.ts";
import { eventOf, rangeBatch, tick, withAside } from "../testing/fold-events.ts";
import type { DriverUnderTest } from "../testing/under-test.ts";

const most = Number.MAX_SAFE_INTEGER;

/** What stands in the store and the operation that cannot work on it, with what the refusal must name. */
const junk: readonly [
  what: string,
  there: readonly Operation[],
  then: Operation,
  reason: string,
][] = [
  [
    "a list where a hash is due",
    [{ op: "push", key: "bad", value: 1, maxLength: 5 }],
    { op: "countField", key: "bad", field: "n" },
    'key "bad" is of another type: current value is a list',
  ],
  [
    "a hash where a counter is due",
    [{ op: "countField", key: "bad", field: "n" }],
    { op: "count", key: "bad" },
    'key "bad" is of another type: current value is a hash',
  ],
  [
    "a counter where a stream is due",
    [{ op: "count", key: "bad" }],
    { op: "append", key: "bad", fields: { n: 1 }, maxLength: 5 },
    'key "bad" is of another type: current value is a string',
  ],
  [
    "a stream where a value is due",
    [{ op: "append", key: "bad", fields: { n: 1 }, maxLength: 5 }],
    { op: "setValue", key: "bad", value: "x" },
    'key "bad" is of another type: current value is a stream',
  ],
  [
    "a value where a record is due",
    [{ op: "setValue", key: "bad", value: "x" }],
    { op: "setHash", key: "bad", fields: { n: 1 } },
    'key "bad" is of another type: current value is a string',
  ],
  [
    "a value that is no number",
    [{ op: "setValue", key: "bad", value: "many" }],
    { op: "count", key: "bad" },
    'key "bad" must be a whole number within ±2^53: current value is "many"',
  ],
  [
    "a number that Valkey would not count on from",
    [{ op: "setValue", key: "bad", value: "007" }],
    { op: "count", key: "bad" },
    'key "bad" must be a whole number within ±2^53: current value is "007"',
  ],
  [
    "a field that is a fraction",
    [{ op: "setHash", key: "bad", fields: { n: "1.5" } }],
    { op: "sum", key: "bad", field: "n", value: 1 },
    '"n" of key "bad" must be a whole number within ±2^53: current value is "1.5"',
  ],
  [
    "a least value that is no number",
    [{ op: "setHash", key: "bad", fields: { n: "cold" } }],
    { op: "min", key: "bad", field: "n", value: 1 },
    '"n" of key "bad" must be a whole number within ±2^53: current value is "cold"',
  ],
  [
    "a greatest value that is empty",
    [{ op: "setHash", key: "bad", fields: { n: "" } }],
    { op: "max", key: "bad", field: "n", value: 1 },
    '"n" of key "bad" must be a whole number within ±2^53: current value is ""',
  ],
  [
    "a number beyond 2^53",
    [{ op: "setHash", key: "bad", fields: { n: "9007199254740993" } }],
    { op: "max", key: "bad", field: "n", value: 1 },
    '"n" of key "bad" must be a whole number within ±2^53: current value is "9007199254740993"',
  ],
  [
    "a sum at its upper end",
    [{ op: "sum", key: "bad", field: "n", value: most }],
    { op: "sum", key: "bad", field: "n", value: 1 },
    '"n" of key "bad" would leave ±2^53: current value is "9007199254740991"',
  ],
  [
    "a sum at its lower end",
    [{ op: "sum", key: "bad", field: "n", value: -most }],
    { op: "sum", key: "bad", field: "n", value: -most },
    '"n" of key "bad" would leave ±2^53: current value is "-9007199254740991"',
  ],
  [
    "a counter at its end",
    [{ op: "setValue", key: "bad", value: String(most) }],
    { op: "count", key: "bad" },
    'key "bad" would leave ±2^53: current value is "9007199254740991"',
  ],
];

/** Operations that no store could run beside a good one. */
const impossible: readonly [what: string, operations: readonly Operation[], reason: string][] = [
  ["a fraction", [{ op: "sum", key: "k", field: "f", value: 1.5 }], "current value is 1.5"],
  ["no number", [{ op: "max", key: "k", field: "f", value: Number.NaN }], "current value is NaN"],
  ["no fields", [{ op: "setHash", key: "k", fields: {} }], "current value is 0"],
  ["a length of 0", [{ op: "push", key: "k", value: 1, maxLength: 0 }], "current value is 0"],
  ["a life of 0 ms", [{ op: "setValue", key: "k", value: "", ttlMs: 0 }], "current value is 0"],
  ["the store's own key", [{ op: "count", key: "tp:meta" }], 'key "tp:meta" is the store\'s own'],
  [
    "one key for two things",
    [
      { op: "count", key: "k" },
      { op: "countField", key: "k", field: "f" },
    ],
    "current value is counter and hash",
  ],
  [
    "one field for two things",
    [
      { op: "sum", key: "k", field: "f", value: 1 },
      { op: "min", key: "k", field: "f", value: 1 },
    ],
    "current value is add and min",
  ],
  [
    "one field of a record for a number",
    [
      { op: "sum", key: "k", field: "f", value: 1 },
      { op: "setHash", key: "k", fields: { f: "x" } },
    ],
    "current value is add and setHash",
  ],
  [
    "a sum that the batch alone overflows",
    [
      { op: "sum", key: "k", field: "f", value: most },
      { op: "sum", key: "k", field: "f", value: most },
    ],
    '"f" of key "k" would leave ±2^53: current value is "9007199254740991"',
  ],
];

const everything = {
  keys: [
    { key: "total", kind: "value" },
    { key: "bad", kind: "value" },
    { key: "bad", kind: "hash" },
    { key: "bad", kind: "list" },
    { key: "bad", kind: "stream" },
    { key: "k", kind: "hash" },
    { key: "k", kind: "value" },
  ],
} as const;

/** What cannot be done is not begun. */
export function refusalSuite(driver: DriverUnderTest): void {
  test.each(junk)(
    "apply() does nothing and names the events where there is %s",
    async (...given) => {
      const [, there, then, reason] = given;
      await using data = driver.fresh();
      await using store = data.connect();
      const known = tick();
      await store.apply(rangeBatch(0, [eventOf(there), known]));
      const good = eventOf([
        { op: "countField", key: "other", field: "n" },
        { op: "count", key: "total" },
      ]);
      const touching = { ...known, operations: [then] };
      const batch = rangeBatch(2, [
        tick(),
        eventOf([...good.operations, then]),
        touching,
        good,
        eventOf([then]),
      ]);
      const ids = batch.events.map(({ id }) => id);
      const before = await store.read({ ...everything, ids });
      // The third is a duplicate: it has had its effect and touches nothing now.
      expect(await store.apply(batch)).toEqual({ status: "refused", events: [1, 4], reason });
      expect(await store.read({ ...everything, ids })).toEqual(before);

      const settled = withAside(withAside(batch, 1, "refused"), 4, "refused");
      expect(await store.apply(settled)).toEqual({
        status: "applied",
        verdicts: ["applied", "setAside", "duplicate", "applied", "setAside"],
        cursor: 7,
      });
      const { keys, lanes } = await store.read(everything);
      expect(keys).toEqual(["3", ...before.keys.slice(1)]);
      expect(lanes.kafka).toEqual({ ...emptyLedger(), applied: 4, duplicate: 1, refused: 2 });
    },
  );

  test.each(impossible)(
    "apply() names an event that asks for %s",
    async (_, operations, reason) => {
      await using data = driver.fresh();
      await using store = data.connect();
      const before = await store.read(everything);
      const batch = rangeBatch(0, [tick(), eventOf(operations), tick()]);
      const result = await store.apply(batch);
      expect(result).toMatchObject({ status: "refused", events: [1] });
      expect(result.status === "refused" && result.reason).toContain(reason);
      expect(await store.read(everything)).toEqual(before);
      expect(await store.apply(withAside(batch, 1, "refused"))).toMatchObject({ cursor: 3 });
    },
  );

  test("apply() takes numbers up to the ends of ±2^53", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const sums = (up: number, down: number): Operation[] => [
      { op: "sum", key: "k", field: "up", value: up },
      { op: "sum", key: "k", field: "down", value: down },
      { op: "min", key: "k", field: "least", value: -most },
      { op: "max", key: "k", field: "most", value: most },
    ];
    await store.apply(rangeBatch(0, [eventOf(sums(most - 1, 1 - most))]));
    expect(await store.apply(rangeBatch(1, [eventOf(sums(1, -1))]))).toMatchObject({ cursor: 2 });
    const { keys } = await store.read({ keys: [{ key: "k", kind: "hash" }] });
    const end = String(most);
    expect(keys).toEqual([{ up: end, down: `-${end}`, least: `-${end}`, most: end }]);
  });

  test("apply() refuses a batch of more than 500 events", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const batch = rangeBatch(
      0,
      Array.from({ length: 501 }, () => tick()),
    );
    await expect(store.apply(batch)).rejects.toThrow("current value is 501");
  });
}
