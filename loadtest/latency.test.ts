import { expect, test } from "bun:test";
import { boundsMs, distribution, percentile, plotLines, rowOf } from "./latency.ts";

test("a percentile is a latency that was measured", () => {
  const latencies = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([0, 0.5, 0.99, 1].map((each) => percentile(latencies, each))).toEqual([1, 50, 99, 100]);
  expect(percentile([], 0.5)).toBe(0);
});

test("the bounds rise, and every latency has a row", () => {
  expect(boundsMs).toEqual(boundsMs.toSorted((a, b) => a - b));
  expect(boundsMs[rowOf(1)]).toBe(1);
  expect(boundsMs[rowOf(1.01)]).toBe(1.5);
  expect(rowOf(1e9)).toBe(boundsMs.length);
  const counts = distribution([0, 1, 2, 1e9]);
  expect(counts.reduce((sum, each) => sum + each)).toBe(4);
});

test("the plot goes from the fastest to the slowest row, the longest bar 40 wide", () => {
  const lines = plotLines(distribution([3, 3, 3, 3, 5]));
  expect(lines).toEqual([
    `     ≤ 3 ms  ${"█".repeat(40)}        4   80.0 %`,
    `     ≤ 4 ms  ${" ".repeat(40)}        0    0.0 %`,
    `     ≤ 5 ms  ${"█".repeat(10).padEnd(40)}        1   20.0 %`,
  ]);
  expect(plotLines(distribution([1e9]))[0]).toContain("> 8000 ms");
  expect(plotLines(distribution([]))).toEqual([]);
});
