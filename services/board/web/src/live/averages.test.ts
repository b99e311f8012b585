import { expect, test } from "bun:test";
import { type AverageRow, averagesOf, withRow } from "./averages.ts";

const panel = {
  kind: "averages",
  title: { en: "", es: "" },
  sources: [
    { key: "a", label: "A" },
    { key: "b", label: "B" },
  ],
  sum: "sum",
  count: "count",
} as const;

test("averages are sums divided by counts, and nothing where nothing was counted", () => {
  expect(averagesOf(panel, { a: { sum: "10", count: "4" } })).toEqual([2.5, undefined]);
  expect(averagesOf(panel, { a: { sum: "0", count: "0" }, b: "7" })).toEqual([
    undefined,
    undefined,
  ]);
});

test("a row is kept where something changed", () => {
  const rows = withRow([], { atMs: 1, values: [1, undefined] });
  expect(withRow(rows, { atMs: 2, values: [1, undefined] })).toBe(rows);
  expect(withRow(rows, { atMs: 2, values: [1, 3] })).toHaveLength(2);
});

test("the newest 300 rows are kept", () => {
  let rows: readonly AverageRow[] = [];
  for (let atMs = 0; atMs < 1_000; atMs++) rows = withRow(rows, { atMs, values: [atMs] });
  expect([rows.length, rows[0]?.atMs, rows.at(-1)?.atMs]).toEqual([300, 700, 999]);
});
