import { expect, test } from "bun:test";
import { type Outcome, tableLines } from "./table.ts";

test("tableLines() aligns columns, takes the first line of the figures, and counts", () => {
  const outcomes: Outcome[] = [
    {
      chart: "demo",
      check: "every pod is ready",
      figures: "9 pods",
      result: "ok",
      tookMs: 41_230,
    },
    { chart: "demo", check: "rolled", figures: "4 failed\nwhy", result: "FAILED", tookMs: 900 },
    { chart: "demo", check: "scaled", figures: "an autoscaler", result: "lacks it", tookMs: 0 },
  ];
  expect(tableLines(outcomes)).toEqual([
    "chart  check               result    took    figures",
    "demo   every pod is ready  ok        41.2 s  9 pods",
    "demo   rolled              FAILED    0.9 s   4 failed",
    "demo   scaled              lacks it  0.0 s   an autoscaler",
    "1 passed, 1 failed",
  ]);
});

test("tableLines() of nothing is a table of nothing", () => {
  expect(tableLines([])).toEqual(["chart  check  result  took  figures", "0 passed, 0 failed"]);
});
