import { expect, test } from "bun:test";
import { UsageError } from "../arguments/usage-error.ts";
import { readArguments } from "./arguments.ts";
import { commands, helpOf } from "./help.ts";

const nowMs = Date.UTC(2026, 10, 23);

test("a key is for one client, with a rate, and an end or how long until then", () => {
  const args = ["new", "web", "--rate", "0", "--until", "90d", "--file", "keys", "--json"];
  expect(readArguments(args, nowMs)).toEqual({
    ...{ command: "new", client: "web", file: "keys", json: true },
    ...{ ratePerSecond: 0, untilMs: nowMs + 90 * 86_400_000 },
  });
  const until = ["--until", "2027-01-31T12:00:00Z"];
  expect(readArguments(["new", "web", ...until], nowMs)).toEqual({
    ...{ command: "new", client: "web", file: undefined, json: false },
    ...{ ratePerSecond: undefined, untilMs: Date.UTC(2027, 0, 31, 12) },
  });
});

test("what is not understood is refused in a sentence", () => {
  for (const [args, why] of [
    [["make"], 'api-key knows new, ls, check: current value is "make"'],
    [["new"], "api-key new needs the name of one client"],
    [["new", "a", "b"], 'current value is "a b"'],
    [["new", "-web"], "Unknown option"],
    [["new", "wéb"], "letters, digits"],
    [["new", "web", "--rate", "1.5"], "--rate must be a whole number from 0 to 1000000"],
    [["new", "web", "--until", "soon"], "--until must be a time"],
    [["new", "web", "--until", "2020-01-01T00:00:00Z"], "--until must lie in the future"],
    [["ls"], "api-key ls needs --file FILE"],
    [["check", "keys"], "api-key check takes options alone"],
    [["check", "--file", "keys", "--json"], "api-key check knows no --json"],
    [["ls", "--file", "keys", "--rate", "5"], "api-key ls knows no --rate"],
    [["ls", "--fast"], "--fast"],
  ] as const) {
    expect(() => readArguments(args, nowMs)).toThrow(UsageError);
    expect(() => readArguments(args, nowMs)).toThrow(why);
  }
});

test("each command has help, and api-key alone lists them", () => {
  expect(readArguments([])).toEqual({ command: "help", about: undefined });
  expect(readArguments(["ls", "-h"])).toEqual({ command: "help", about: "ls" });
  for (const command of commands) {
    expect(helpOf(undefined)).toContain(`api-key ${command} `);
    expect(helpOf(command)).toContain(`bun run api-key ${command} `);
    expect(helpOf(command)).toContain("Exits 0");
  }
});
