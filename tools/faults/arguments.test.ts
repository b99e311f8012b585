import { expect, test } from "bun:test";
import { readArguments } from "./arguments.ts";

test("without arguments every fault is done", () => {
  expect(readArguments([])).toEqual({
    ...{ faults: [], targets: [], short: false, list: false, json: undefined, page: false },
    ...{ killAny: undefined, seed: undefined, rate: 2_000, restart: false },
  });
});

test("faults, policies and where the rows go are chosen", () => {
  const args = readArguments(["--fault", "10", "--fault", "soak", "--target", "both", "--json"]);
  expect(args).toMatchObject({ faults: ["10", "soak"], targets: ["both"], json: "-" });
});

test("--help asks for help, and what makes no sense is named", () => {
  expect(readArguments(["--help"])).toBeUndefined();
  expect(() => readArguments(["--target", "all"])).toThrow("--target: must be one of both, kafka");
  expect(() => readArguments(["--kill-any", "0"])).toThrow("--kill-any: must be a whole number");
});
