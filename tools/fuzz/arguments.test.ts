import { expect, test } from "bun:test";
import { readArguments } from "./arguments.ts";
import { commandOf } from "./page.ts";

test("without anything, every part is run whole; the short form is doors and raw bytes", () => {
  expect(readArguments([])).toMatchObject({
    ...{ parts: ["doors", "raw", "brokers", "openapi"], doors: [], seed: 1 },
    ...{ bodies: 100_000, messages: 20_000, isShort: false, json: undefined, page: false },
  });
  expect(readArguments(["--short"])).toMatchObject({ parts: ["doors", "raw"], bodies: 3_000 });
});

test("parts are chosen by their names, doors by parts of theirs", () => {
  expect(readArguments(["--raw", "--openapi"])?.parts).toEqual(["raw", "openapi"]);
  const chosen = readArguments(["--door", "/clima", "--door", "SendTweet", "--bodies", "5"]);
  expect(chosen).toMatchObject({ parts: ["doors"], doors: ["/clima", "SendTweet"], bodies: 5 });
});

test("JSON goes to a file, or to the standard output", () => {
  expect(readArguments(["--json", "--raw"])?.json).toBe("-");
  expect(readArguments(["--json", "rows.json"])?.json).toBe("rows.json");
});

test("help is asked for, and what cannot be meant is named", () => {
  expect(readArguments(["--help"])).toBeUndefined();
  expect(() => readArguments(["--bodies", "0"])).toThrow("Cannot use --bodies");
  expect(() => readArguments(["--seed", "x"])).toThrow("Cannot use --seed");
  expect(() => readArguments(["--fuss"])).toThrow();
});

test("the page's command is one that anybody can give: without files of a machine", () => {
  const args = readArguments(["--page", "--json", "rows.json", "--seed", "3"]);
  expect(args && commandOf(args)).toBe(
    "bun run fuzz --page --seed 3 --bodies 100000 --messages 20000",
  );
});
