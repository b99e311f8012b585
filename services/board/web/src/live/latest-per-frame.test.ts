import { expect, test } from "bun:test";
import { latestPerFrame } from "./latest-per-frame.ts";

test("of all values between two frames the newest is drawn, once", () => {
  const frames: (() => void)[] = [];
  const drawn: number[] = [];
  const offer = latestPerFrame<number>(
    (run) => frames.push(run),
    (value) => drawn.push(value),
  );
  for (const value of [1, 2, 3]) offer(value);
  expect([frames.length, drawn]).toEqual([1, []]);
  frames.shift()?.();
  expect(drawn).toEqual([3]);
  offer(4);
  frames.shift()?.();
  expect([frames.length, drawn]).toEqual([0, [3, 4]]);
});
