import { expect, test } from "bun:test";
import { decimalsOf } from "./decimals-of.ts";
import { distinctLabels } from "./distinct-labels.ts";
import { fallbackPanels } from "./fallback-panels.ts";
import { latestRows } from "./latest-rows.ts";
import { layoutLines } from "./line-layout.ts";
import { pieSlices } from "./pie-slices.ts";
import { entriesAt, hashAt, numberOf } from "./read-state.ts";
import { seriesOf } from "./series-of.ts";
import { topCounts } from "./top-counts.ts";

test("what stands at a key is read as what it is, and else as nothing", () => {
  const state = { hash: { a: "1" }, value: "7", list: ["1"], stream: [{ a: "1" }, { a: "2" }] };
  expect([hashAt(state, "hash"), hashAt(state, "value"), hashAt(state, "none")]).toEqual([
    { a: "1" },
    {},
    {},
  ]);
  expect(["stream", "hash", "list", "none"].map((key) => entriesAt(state, key))).toEqual([
    [{ a: "1" }, { a: "2" }],
    [{ a: "1" }],
    [],
    [],
  ]);
  expect(["7", " ", "x", undefined, "-1.5"].map(numberOf)).toEqual([
    7,
    undefined,
    undefined,
    undefined,
    -1.5,
  ]);
});

test("a distribution shows the twelve largest and sums up the rest", () => {
  const hash = Object.fromEntries(
    Array.from({ length: 500 }, (_, each) => [`l${each}`, `${each}`]),
  );
  const { total, top, rest } = topCounts(hash);
  expect([total, top.length, top[0]]).toEqual([
    124_750,
    12,
    { label: "l499", count: 499, share: 499 / 124_750 },
  ]);
  expect(rest?.labels).toBe(487);
  expect(top.reduce((sum, { count }) => sum + count, rest?.count ?? 0)).toBe(total);
});

test("a distribution of nothing has no shares, and what is no count is left out", () => {
  expect(topCounts({})).toEqual({ total: 0, top: [], rest: undefined });
  expect(topCounts({ a: "x", b: "0", c: "2" }).top).toEqual([{ label: "c", count: 2, share: 1 }]);
});

test("equal counts keep their order, so that rows do not jump", () => {
  expect(topCounts({ b: "1", a: "1" }).top.map(({ label }) => label)).toEqual(["a", "b"]);
});

test("the newest entries of all sources come first, as numbers or as texts", () => {
  const sources = [
    { key: "x", label: "X" },
    { key: "y", label: "Y" },
  ];
  const order = (state: Parameters<typeof latestRows>[1]) =>
    latestRows({ sources, newestBy: "at" }, state).map(({ label, fields }) => label + fields.at);
  expect(order({ x: [{ at: "9" }, { at: "8" }], y: [{ at: "10" }] })).toEqual(["Y10", "X9", "X8"]);
  expect(order({ x: [{ at: "2026-01-02" }], y: { at: "2026-01-03" } })).toEqual([
    "Y2026-01-03",
    "X2026-01-02",
  ]);
});

test("a series runs from the oldest entry to the newest", () => {
  const panel = { kind: "series", title: { en: "", es: "" }, x: "ts", y: "t" } as const;
  const state = { a: [{ ts: "2", t: "5" }, { ts: "1", t: "4" }, { ts: "x" }] };
  expect(seriesOf({ ...panel, sources: [{ key: "a", label: "A" }] }, state)).toEqual([
    {
      label: "A",
      points: [
        { x: 1, y: 4 },
        { x: 2, y: 5 },
      ],
    },
  ]);
});

test("ticks are round and cover the range", () => {
  const ticks = (...ys: number[]) =>
    layoutLines([ys.map((y, x) => ({ x, y }))], { width: 400, height: 100 })?.yTicks.map(
      ({ value }) => value,
    );
  expect(ticks(16.2, 25.9)).toEqual([16, 18, 20, 22, 24, 26]);
  expect(ticks(0.1, 0.2)).toEqual([0.1, 0.12, 0.14, 0.16, 0.18, 0.2]);
  expect(ticks(7, 7)).toEqual([6, 6.5, 7, 7.5, 8]);
  for (const [least, greatest] of [
    [-40, 3],
    [999, 1_001],
    [0, 1e9],
  ] as const) {
    const all = ticks(least, greatest) ?? [];
    expect(all[0]).toBeLessThanOrEqual(least);
    expect(all.at(-1)).toBeGreaterThanOrEqual(greatest);
    expect(all.length).toBeLessThanOrEqual(7);
  }
});

test("lines stand within their axes", () => {
  const layout = layoutLines(
    [
      [
        { x: 0, y: 10 },
        { x: 100, y: 20 },
      ],
      [],
    ],
    { width: 400, height: 100 },
  );
  expect(layout?.lines[1]).toBeUndefined();
  expect(layout?.lines[0]).toEqual({ path: "M44,76L388,10", end: { x: 388, y: 10 } });
  expect(layout?.xTicks.map(({ value }) => value)).toEqual([0, 50, 100]);
});

test("an axis has as many times as have room, the last one always", () => {
  const line = [
    { x: 0, y: 10 },
    { x: 100, y: 20 },
  ];
  const times = (width: number) =>
    layoutLines([line], { width, height: 100 })?.xTicks.map(({ value }) => value);
  expect([400, 300, 200, 100].map(times)).toEqual([[0, 50, 100], [0, 100], [100], [100]]);
});

test("of labels that say the same one stays", () => {
  const labels = (text: string) => [...text].map((label) => ({ label }));
  const distinct = (text: string) =>
    distinctLabels(labels(text))
      .map(({ label }) => label)
      .join("");
  expect(["abc", "aab", "abb", "aaa", "a", ""].map(distinct)).toEqual([
    ...["abc", "ab", "ab", "a", "a", ""],
  ]);
});

test("numbers of one column have as many decimals as the one that needs most", () => {
  expect(decimalsOf([1, 2], 2)).toBe(0);
  expect(decimalsOf([1, 2.5], 2)).toBe(1);
  expect(decimalsOf([1 / 3, 2], 2)).toBe(2);
  expect(decimalsOf([0.1, 0.15], 6)).toBe(2);
  expect(decimalsOf([], 2)).toBe(0);
});

test("a single point is a line too, and no point none", () => {
  expect(layoutLines([[{ x: 5, y: 5 }]], { width: 300, height: 100 })?.xTicks).toEqual([
    { at: 288, value: 5 },
  ]);
  expect(layoutLines([[], []], { width: 300, height: 100 })).toBeUndefined();
});

test("slices go round the pie, a whole one too", () => {
  expect(pieSlices([0.75, 0.25])).toEqual([
    "M0,-50A50,50,0,1,1,-50,0L0,0Z",
    "M-50,0A50,50,0,0,1,0,-50L0,0Z",
  ]);
  expect(pieSlices([1])).toEqual(["M0,-50A50,50,0,1,1,0,50A50,50,0,1,1,0,-50Z"]);
});

test("a pipeline without a view shows its counters and its hashes of counts", () => {
  const state = { total: "7", kinds: { a: "3" }, words: { a: "x" }, empty: {}, list: ["1"] };
  expect(fallbackPanels(state)).toEqual([
    { kind: "count", key: "total", title: { en: "total", es: "total" } },
    {
      kind: "counts",
      key: "kinds",
      as: "bars",
      title: { en: "kinds", es: "kinds" },
      label: { en: "Field", es: "Campo" },
    },
  ]);
});
