import { expect, test } from "bun:test";
import { eventIdBytes, eventTimeMs, eventTimeNs, newEventId, parseEventId } from "./event-id.ts";
import { positionalId } from "./positional-id.ts";

test("newEventId() rises and carries its time", () => {
  const ids = Array.from({ length: 1_000 }, () => newEventId());
  expect(ids.toSorted()).toEqual(ids);
  expect(eventTimeMs(newEventId(1_700_000_000_123))).toBe(1_700_000_000_123);
});

test("parseEventId() takes a UUIDv7 in any case and nothing else", () => {
  const id = newEventId();
  expect(parseEventId(id.toUpperCase())).toBe(id);
  expect(parseEventId(crypto.randomUUID())).toBeUndefined();
  expect(parseEventId(`${id} `)).toBeUndefined();
  expect(parseEventId("")).toBeUndefined();
});

test("eventIdBytes() keeps the order of ids", () => {
  const [first, second] = [newEventId(1), newEventId(2)];
  expect(Buffer.compare(eventIdBytes(first), eventIdBytes(second))).toBe(-1);
  expect(eventIdBytes(first)).toHaveLength(16);
});

test("positionalId() is the same for a position, another for another, at the broker's time", () => {
  const id = positionalId("topic/0", 7, 1_700_000_000_123);
  expect(positionalId("topic/0", 7, 1_700_000_000_123)).toBe(id);
  expect(positionalId("topic/0", 8, 1_700_000_000_123)).not.toBe(id);
  expect(positionalId("topic/1", 7, 1_700_000_000_123)).not.toBe(id);
  expect(eventTimeMs(id)).toBe(1_700_000_000_123);
});

test("positionalId() takes any time that a foreign producer may write", () => {
  expect(eventTimeMs(positionalId("topic/0", 1, -1))).toBe(0);
  expect(eventTimeMs(positionalId("topic/0", 1, Number.MAX_SAFE_INTEGER))).toBe(2 ** 48 - 1);
});

test("newEventId() takes any time that a broker may tell (fuzzing, seed 21)", () => {
  for (const atMs of [-1, 2 ** 48, 2 ** 64 * 1_000, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    const timeMs = eventTimeMs(newEventId(atMs));
    expect(timeMs).toBe(Math.min(Math.max(Math.trunc(atMs) || 0, 0), 2 ** 48 - 1));
  }
});

test("eventTimeNs() lies within the id's millisecond and rises with the ids of a process", () => {
  const atMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  const ids = Array.from({ length: 1_000 }, () => newEventId(atMs));
  const times = ids.map(eventTimeNs);
  for (const time of times) expect(time / 1_000_000n).toBe(BigInt(atMs));
  expect(times.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(times);
  expect(new Set(times).size).toBe(ids.length);
});
