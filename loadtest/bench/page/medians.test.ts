import { expect, test } from "bun:test";
import { medians } from "./medians.ts";
import { readOptions } from "./options.ts";

test("of several runs each figure is the median, rows and names stay", () => {
  const runs = [3, 1, 20].map((figure) => [
    { view: "home", figure },
    { view: "votaciones", figure: -figure },
  ]);
  expect(medians(runs)).toEqual([
    { view: "home", figure: 3 },
    { view: "votaciones", figure: -3 },
  ]);
  expect(medians(runs.slice(0, 1))).toEqual(runs[0] ?? []);
});

test("everything is measured under 2,000 events a second for 20 s, unless something else is asked for", () => {
  expect(readOptions([])).toEqual({
    rate: 2_000,
    seconds: 20,
    runs: 1,
    views: ["home", "clima-app", "votaciones"],
    json: false,
  });
  const some = ["--view", "home", "--rate", "10", "--seconds", "1", "--runs", "3", "--json"];
  expect(readOptions(some)).toEqual({ rate: 10, seconds: 1, runs: 3, views: ["home"], json: true });
  expect(readOptions(["--help"])).toBeUndefined();
});

test("what cannot be measured is refused with a sentence", () => {
  expect(() => readOptions(["--view", "away"])).toThrow(
    "Cannot use --view: must be one of home, clima-app, votaciones: current value is away",
  );
  expect(() => readOptions(["--rate", "0"])).toThrow(
    "Cannot use --rate: must be a whole number from 1 to 20000: current value is 0",
  );
});
