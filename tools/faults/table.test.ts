import { expect, test } from "bun:test";
import type { FaultOutcome } from "./run-fault.ts";
import { cellsOf, faultsOf, holds, tableLines } from "./table.ts";

const outcome: FaultOutcome = {
  numbers: [10],
  name: "kafka-killed",
  title: "Kafka killed",
  target: "both",
  sent: 30,
  held: 0,
  acked: 20,
  refused: 4,
  unknown: 6,
  effects: 26,
  duplicates: 26,
  recoveryMs: 1_234,
  drainedMs: 10,
  p99Ms: 3_100.4,
  checks: [
    { invariant: "I1", holds: true, seen: "20 have their effect" },
    { invariant: "I3", holds: undefined, seen: "nothing was refused" },
  ],
  missed: [],
  notes: [],
  reasons: [],
  tookMs: 1,
};

test("a row names what was checked, and what does not apply", () => {
  expect(cellsOf(outcome).slice(1)).toEqual([
    ...["both", "20", "4", "6", "26", "26", "1.2 s", "3100 ms", "1 –"],
  ]);
  expect(holds(outcome)).toBe(true);
});

test("what does not hold stands out, and fails", () => {
  const bad: FaultOutcome = {
    ...outcome,
    checks: [{ invariant: "I2", holds: false, seen: "total +1" }],
    missed: ["answered 200, expected 503"],
  };
  expect(cellsOf(bad).at(-1)).toBe("✗I2 ✗expected");
  expect(faultsOf(bad)).toEqual(["I2: total +1", "answered 200, expected 503"]);
  const broken = { numbers: [1], name: "x", title: "x", target: "both", error: "no server" };
  expect(tableLines([outcome, bad, broken]).at(-1)).toBe("1 passed, 2 failed");
});
