import { expect, test } from "bun:test";
import type { Snapshot } from "../api/shapes.ts";
import { develop } from "./picture.ts";

const whole: Snapshot = {
  at: 1_000,
  state: { total: "1" },
  ledger: null,
  lag: { kafka: [] },
  deadLetters: { kafka: { waiting: 0 } },
};

test("a part that is away stays as it was known, with the time of it", () => {
  const first = develop(undefined, whole);
  const second = develop(first, { ...whole, at: 2_000, state: null, lag: {} });
  const third = develop(second, { ...whole, at: 3_000, state: null });
  expect(third.state).toEqual({ total: "1" });
  expect(third.awaySinceMs).toEqual({ state: 1_000, ledger: 1_000 });
  expect(second.lag).toEqual({});
});

test("a part that is back is no more away", () => {
  const away = develop(develop(undefined, whole), { ...whole, at: 2_000, state: null });
  const back = develop(away, { ...whole, at: 3_000, state: { total: "2" } });
  expect([back.state, back.awaySinceMs.state]).toEqual([{ total: "2" }, undefined]);
});

test("a part that was never there is away since it was asked for", () => {
  expect(develop(undefined, whole).awaySinceMs).toEqual({ ledger: 1_000 });
});

test("a pipeline without a log has none that could be away", () => {
  expect(develop(undefined, whole).awaySinceMs.logs).toBeUndefined();
});
