import { expect, test } from "bun:test";
import { newEventId } from "../../lib/event/event-id.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { UsageError } from "../arguments/usage-error.ts";
import { readArguments } from "./arguments.ts";
import { commands, helpOf } from "./help.ts";

const id = newEventId();

test("ids stand alone or behind --id, choices of one kind several times", () => {
  const other = newEventId();
  const read = readArguments([
    ...["redrive", id, "--id", other.toUpperCase(), "--reason", "late", "--reason", "refused"],
    ...["--older-than", "2h", "--newer-than", "7d", "--lane", "kafka", "--pipeline", "clima-app"],
    ...["--limit", "5", "--dry-run", "--new-id", "--json", "--data-dir", "d"],
  ]);
  expect(read).toMatchObject({
    ...{ command: "redrive", dryRun: true, newId: true, json: true, dataDir: "d" },
    pipelines: [climaApp],
    selection: {
      ...{ ids: [id, other], reasons: ["late", "refused"], lanes: ["kafka"], limit: 5 },
      ...{ olderThanMs: 7_200_000, newerThanMs: 604_800_000 },
    },
  });
  expect(readArguments(["edit", id, "--set", "name=a=b"]).set).toEqual([["name", "a=b"]]);
});

test("what changes letters is told which, and what is not understood is refused in a sentence", () => {
  for (const [args, why] of [
    [["redrive"], "must be told which letters"],
    [["drop"], "must be told which letters"],
    [["drop", "--all", "--reason", "late"], "--all goes with no other choice"],
    [["show"], "needs the id of a letter"],
    [["edit"], "needs the id of a letter"],
    [["edit", id, newEventId()], "one letter at a time"],
    [["edit", id, "--set", "a=1", "--body-file", "-"], "not both"],
    [["edit", id, "--set", "nothing"], "--set must be"],
    [["sideways"], "dlq knows ls, show, edit, redrive, drop"],
    [["ls", "--all"], "dlq ls knows no --all"],
    [["drop", "--new-id", "--all"], "dlq drop knows no --new-id"],
    [["ls", "--fast"], "--fast"],
    [["ls", "--reason", "tired"], "--reason must be one of undecodable"],
    [["ls", "--older-than", "soon"], "--older-than must be a time"],
    [["ls", "--limit", "0"], "--limit must be a whole number"],
    [["ls", "--pipeline", "other"], "--pipeline must be one of clima-app"],
    [["redrive", "not-an-id"], "--id must be an event's id"],
  ] as const) {
    expect(() => readArguments(args)).toThrow(UsageError);
    expect(() => readArguments(args)).toThrow(why);
  }
  for (const choice of [["--all"], ["--limit", "1"], ["--lane", "kafka"], [id]]) {
    expect(readArguments(["drop", ...choice]).command).toBe("drop");
  }
});

test("each command has help, and dlq alone lists them", () => {
  expect(readArguments([])).toMatchObject({ command: undefined, help: true });
  expect(readArguments(["redrive", "-h"])).toMatchObject({ command: "redrive", help: true });
  for (const command of commands) {
    expect(helpOf(undefined)).toContain(`dlq ${command} `);
    expect(helpOf(command)).toContain(`bun run dlq ${command} `);
    expect(helpOf(command)).toContain("Exits 0");
  }
});
