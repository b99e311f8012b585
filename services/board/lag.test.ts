import { expect, test } from "bun:test";
import { emptyLedger } from "../../lib/store/ledger.ts";
import type { LaneLedger, StoreView } from "../../lib/store/store.ts";
import { lagOf } from "./lag.ts";

const view = (
  cursors: Readonly<Record<string, number>>,
  lanes: Readonly<Record<string, Partial<LaneLedger>>> = {},
): StoreView => ({
  ...{ keys: [], ids: [] },
  lanes: Object.fromEntries(
    Object.entries(lanes).map(([lane, counts]) => [lane, { ...emptyLedger(), ...counts }]),
  ),
  cursors: new Map(Object.entries(cursors)),
});

test("lagOf() holds each partition's end against the store's cursor", () => {
  const ends = new Map([
    ["topic-id/10", 7],
    ["topic-id/0", 40],
    ["topic-id/2", 5],
  ]);
  expect(
    lagOf({ kafka: { kind: "offsets", ends } }, view({ "topic-id/0": 30, "topic-id/2": 6 })),
  ).toEqual({
    kafka: [
      { partition: "0", end: 40, cursor: 30, lag: 10 },
      // The store passed an end that was read before.
      { partition: "2", end: 5, cursor: 6, lag: 0 },
      { partition: "10", end: 7, cursor: 0, lag: 7 },
    ],
  });
});

test("lagOf() takes what waits in a queue as its lag", () => {
  const letters = { moved: 0, redriven: 0 };
  const side = { kind: "queue", queue: "clima", depth: 4, published: undefined, letters } as const;
  const counts = { applied: 10, duplicate: 3, undecodable: 1, redelivered: 9 };
  expect(lagOf({ rabbit: side }, view({}, { rabbit: counts }))).toEqual({
    rabbit: [{ partition: "clima", end: 18, cursor: 14, lag: 4 }],
  });
});

test("lagOf() knows nothing of a lane whose broker is silent", () => {
  expect(lagOf({ kafka: { kind: "silent", fault: "gone" } }, view({}))).toEqual({ kafka: null });
});
