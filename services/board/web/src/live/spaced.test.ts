import { expect, test } from "bun:test";
import { handClock } from "../../testing/hand-clock.ts";
import { spaced } from "./spaced.ts";

test("many calls are one run at once and one after the gap", async () => {
  const clock = handClock();
  const runs: number[] = [];
  const run = spaced(
    async () => {
      runs.push(clock.nowMs());
    },
    2_000,
    clock.later,
  );
  for (let call = 0; call < 5; call++) run();
  await clock.advance(500);
  run();
  await clock.advance(10_000);
  expect(runs).toEqual([0, 2_000]);
});

test("a run that failed does not end the runs", async () => {
  const clock = handClock();
  let runs = 0;
  const run = spaced(
    () => {
      runs++;
      return Promise.reject(new Error("Cannot read: the board is away"));
    },
    2_000,
    clock.later,
  );
  run();
  await clock.advance(3_000);
  run();
  expect(runs).toBe(2);
});
