import { expect, test } from "bun:test";
import type { Operation } from "../../pipeline/operation.ts";
import { until } from "../../testing/until.ts";
import { eventOf, idAt, laneBatch } from "../testing/fold-events.ts";
import type { DriverUnderTest } from "../testing/under-test.ts";

const hourMs = 3_600_000;

/** Long enough to look at a key before it goes. */
const soonMs = 1_000;

const all = {
  keys: [
    { key: "record", kind: "hash" },
    { key: "value", kind: "value" },
    { key: "list", kind: "list" },
  ],
} as const;

const gone = [undefined, undefined, undefined] as const;
const there = (name: string) => [{ name }, name, [name]] as const;

/** One operation of each kind that can be limited, of an event this old. */
function limited(name: string, ageMs: number, ttlMs?: number) {
  const limit = ttlMs === undefined ? {} : { ttlMs };
  const operations: Operation[] = [
    { op: "setHash", key: "record", fields: { name }, ...limit },
    { op: "setValue", key: "value", value: name, ...limit },
    { op: "push", key: "list", value: name, maxLength: 1, ...limit },
  ];
  return eventOf(operations, { id: idAt(Date.now() - ageMs) });
}

/** Times to live run from the event's time. */
export function expirySuite(driver: DriverUnderTest): void {
  test("read() no longer sees what an event set, its time to live after the event", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    await store.apply(laneBatch("rabbit", [limited("a", hourMs - soonMs, hourMs)]));
    expect((await store.read(all)).keys).toEqual(there("a"));
    await until("the keys gone", async () => {
      const { keys } = await store.read(all);
      return keys.every((each) => each === undefined);
    });
    await store.apply(laneBatch("rabbit", [limited("b", 0, hourMs)]));
    expect((await store.read(all)).keys).toEqual(there("b"));
  });

  test("apply() leaves nothing of an event whose time to live has passed", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    await store.apply(laneBatch("rabbit", [limited("old", 2 * hourMs, hourMs)]));
    expect((await store.read(all)).keys).toEqual(gone);
    await store.apply(laneBatch("rabbit", [limited("older", 3 * hourMs, hourMs)]));
    expect((await store.read(all)).keys).toEqual(gone);
    await store.apply(laneBatch("rabbit", [limited("new", 0, hourMs)]));
    expect((await store.read(all)).keys).toEqual(there("new"));
  });

  test("apply() lets an old event change nothing that is newer", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    await store.apply(laneBatch("rabbit", [limited("new", 1_000, hourMs)]));
    await store.apply(laneBatch("rabbit", [limited("old", hourMs / 2, hourMs)]));
    const { keys } = await store.read(all);
    expect(keys).toEqual([{ name: "new" }, "new", ["old"]]);
  });

  test("apply() takes away with a newer event what outlived its time without a limit", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    await store.apply(laneBatch("rabbit", [limited("endless", 3 * hourMs)]));
    await store.apply(laneBatch("rabbit", [limited("over", 2 * hourMs, hourMs)]));
    const { keys } = await store.read(all);
    expect(keys).toEqual([undefined, undefined, ["over"]]);
    // With what it wrote, the newer event is forgotten too.
    await store.apply(laneBatch("rabbit", [limited("again", 4 * hourMs)]));
    expect((await store.read(all)).keys).toEqual(there("again"));
  });

  test("apply() takes the limit away with a newer event that has none, but not a list's", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    await store.apply(laneBatch("rabbit", [limited("short", hourMs - soonMs, hourMs)]));
    await store.apply(laneBatch("rabbit", [limited("endless", 1_000)]));
    expect((await store.read(all)).keys).toEqual(there("endless"));
    await until("the list gone", async () => (await store.read(all)).keys[2] === undefined);
    await store.apply(laneBatch("rabbit", [limited("older", 60_000, hourMs)]));
    expect((await store.read(all)).keys).toEqual([{ name: "endless" }, "endless", ["older"]]);
  });

  test("apply() lets a list live as long as the value that lives longest", async () => {
    await using data = driver.fresh();
    await using store = data.connect();
    const push = (value: string, ageMs: number) =>
      eventOf([{ op: "push", key: "list", value, maxLength: 9, ttlMs: hourMs }], {
        id: idAt(Date.now() - ageMs),
      });
    const list = { keys: [{ key: "list", kind: "list" }] } as const;
    const nextMs = hourMs - soonMs;
    const startedMs = Date.now();
    await store.apply(laneBatch("rabbit", [push("a", nextMs - 300)]));
    await store.apply(laneBatch("rabbit", [push("b", nextMs - 600), push("c", nextMs)]));
    expect((await store.read(list)).keys).toEqual([["c", "b", "a"]]);
    await until("the list gone", async () => (await store.read(list)).keys[0] === undefined);
    expect(Date.now()).toBeGreaterThan(startedMs + soonMs + 500);
    await store.apply(laneBatch("rabbit", [push("d", hourMs + 1), push("e", 0)]));
    expect((await store.read(list)).keys).toEqual([["e", "d"]]);
  });
}
