import { expect, test } from "bun:test";
import { help, linterNames, readArguments } from "./arguments.ts";

test("without arguments every linter lints dist/", () => {
  expect(readArguments([])).toEqual({ dist: "dist", linters: [...linterNames], page: false });
});

test("--only chooses linters, in the order in which they run", () => {
  expect(readArguments(["--only", "kube-score", "--only", "rules"])?.linters).toEqual([
    "rules",
    "kube-score",
  ]);
  expect(() => readArguments(["--only", "lint"])).toThrow(
    "Cannot use --only: must be one of rules, checkov, kube-score, kube-linter: current value is lint",
  );
});

test("--help names every linter", () => {
  expect(readArguments(["--help"])).toBeUndefined();
  for (const name of linterNames) expect(help).toContain(name);
});
