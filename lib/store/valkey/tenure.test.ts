import { expect, test } from "bun:test";
import { createTenure, silenceMaxMs } from "./tenure.ts";

function tenureAt(atMs: number) {
  let nowMs = atMs;
  const tenure = createTenure(() => nowMs);
  return {
    tenure,
    at: (ms: number) => {
      nowMs = ms;
    },
  };
}

test("a primary is believed as long as it answers, whenever what it answers was sent", () => {
  const { tenure, at } = tenureAt(0);
  tenure.begin();
  for (let ms = 1_000; ms < 20_000; ms += 1_000) {
    at(ms);
    expect(tenure.heard(ms - 500)).toBeUndefined();
  }
  expect(tenure.quietMs()).toBe(500);
});

test("a primary that was silent is believed no more: what it said last was asked before", () => {
  const { tenure, at } = tenureAt(0);
  tenure.begin();
  at(1_000);
  expect(tenure.heard(900)).toBeUndefined();
  at(900 + silenceMaxMs);
  expect(tenure.heard(900 + silenceMaxMs - 1)).toBeUndefined();
  at(5_000 + 2 * silenceMaxMs);
  // Asked a moment ago, and answered at once: it may just have woken up.
  expect(tenure.heard(4_999 + 2 * silenceMaxMs)).toContain("may have been replaced");
});

test("a new connection waits until the copies follow whom the sentinels have just chosen", () => {
  const { tenure, at } = tenureAt(10_000);
  tenure.begin();
  expect(tenure.waitMs()).toBe(3_000);
  at(12_000);
  expect(tenure.waitMs()).toBe(1_000);
  at(14_000);
  expect(tenure.waitMs()).toBe(0);
  tenure.begin();
  expect(tenure.waitMs()).toBe(3_000);
});
