import { expect, test } from "bun:test";
import { tableLines } from "./table.ts";

test("tableLines() aligns columns, takes the first line of the figures, and counts", () => {
  const outcomes = [
    {
      chart: "demo",
      check: "every pod is ready",
      figures: "9 pods",
      failed: false,
      tookMs: 41_230,
    },
    { chart: "demo", check: "rolled", figures: "4 failed\nwhy", failed: true, tookMs: 900 },
  ];
  expect(tableLines(outcomes)).toEqual([
    "chart  check               result  took    figures",
    "demo   every pod is ready  ok      41.2 s  9 pods",
    "demo   rolled              FAILED  0.9 s   4 failed",
    "1 passed, 1 failed",
  ]);
});

test("tableLines() of nothing is a table of nothing", () => {
  expect(tableLines([])).toEqual(["chart  check  result  took  figures", "0 passed, 0 failed"]);
});
