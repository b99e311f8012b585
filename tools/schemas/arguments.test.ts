import { expect, test } from "bun:test";
import { readArguments } from "./arguments.ts";

test("without arguments dist/ is tried, and nothing stays", () => {
  expect(readArguments([])).toEqual({ dist: "dist", keep: false });
});

test("--dist and --keep are heard, --help asks for nothing else", () => {
  expect(readArguments(["--dist", "/tmp/made", "--keep"])).toEqual({
    dist: "/tmp/made",
    keep: true,
  });
  expect(readArguments(["--help"])).toBeUndefined();
});
