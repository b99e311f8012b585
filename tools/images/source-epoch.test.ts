import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { sourceEpochS } from "./source-epoch.ts";

test("SOURCE_DATE_EPOCH goes before everything", () => {
  expect(sourceEpochS(import.meta.dir, "1700000000")).toBe(1_700_000_000);
});

test("outside of a repository it is the start of 1980", () => {
  expect(sourceEpochS(tmpdir(), undefined)).toBe(315_532_800);
});

test("what is no time is refused", () => {
  expect(() => sourceEpochS(import.meta.dir, "today")).toThrow(
    "Cannot use SOURCE_DATE_EPOCH: must be seconds since 1970: current value is today",
  );
});
