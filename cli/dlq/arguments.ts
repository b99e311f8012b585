import { parseArgs } from "node:util";
import type { LetterReason } from "../../lib/delivery/dead-letter.ts";
import { letterReasons } from "../../lib/delivery/letter.ts";
import { type EventId, parseEventId } from "../../lib/event/event-id.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { durationMs } from "../arguments/duration.ts";
import { pipelinesNamed } from "../arguments/pipeline-named.ts";
import { asUsage, UsageError } from "../arguments/usage-error.ts";
import { commands, type DlqCommand } from "./help.ts";

/** Which letters are meant: what is undefined or empty leaves them all. */
export interface Selection {
  readonly ids: readonly EventId[];
  readonly reasons: readonly LetterReason[];
  readonly olderThanMs: number | undefined;
  readonly newerThanMs: number | undefined;
  readonly lanes: readonly string[];
  readonly limit: number | undefined;
}

/** What the command line asks for. */
export interface DlqArguments {
  /** Undefined where only help is wanted. */
  readonly command: DlqCommand | undefined;
  readonly help: boolean;
  readonly selection: Selection;
  readonly pipelines: readonly AnyPipeline[] | undefined;
  readonly dataDir: string | undefined;
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly newId: boolean;
  /** Fields with their new values. */
  readonly set: readonly (readonly [string, string])[];
  readonly bodyFile: string | undefined;
}

const many = { type: "string", multiple: true } as const;
const one = { type: "string" } as const;
const flag = { type: "boolean" } as const;

const options = {
  ...{ id: many, reason: many, pipeline: many, lane: many, set: many },
  ...{ "older-than": one, "newer-than": one, limit: one, "body-file": one, "data-dir": one },
  ...{ all: flag, "dry-run": flag, json: flag, "new-id": flag },
  help: { type: "boolean", short: "h" },
} as const;

type OptionName = keyof typeof options;

const everywhere: readonly OptionName[] = ["pipeline", "lane", "data-dir", "json", "help"];
const choosing: readonly OptionName[] = ["id", "reason", "older-than", "newer-than", "limit"];
const known: Readonly<Record<DlqCommand, readonly OptionName[]>> = {
  ls: [...everywhere, ...choosing],
  show: [...everywhere, "id"],
  edit: [...everywhere, "id", "set", "body-file", "dry-run"],
  redrive: [...everywhere, ...choosing, "all", "dry-run", "new-id"],
  drop: [...everywhere, ...choosing, "all", "dry-run"],
};

type Values = ReturnType<typeof parseAll>["values"];

function parseAll(args: readonly string[]) {
  return parseArgs({ args: [...args], allowPositionals: true, options });
}

/**
 * Reads the command line.
 *
 * @throws UsageError with what it cannot mean.
 */
export function readArguments(args: readonly string[]): DlqArguments {
  return asUsage(() => {
    const { values, positionals } = parseAll(args);
    const [name, ...ids] = positionals;
    const command = commands.find((each) => each === name);
    if (name !== undefined && command === undefined) {
      throw new Error(`dlq knows ${commands.join(", ")}: current value is "${name}"`);
    }
    if (command !== undefined) refuseStrangers(command, values);
    const read = valuesOf(values, [...ids, ...(values.id ?? [])]);
    const help = values.help ?? false;
    if (command !== undefined && !help) refuseVague(command, values, read.selection);
    return { command, help: help || command === undefined, ...read };
  });
}

function valuesOf(values: Values, ids: readonly string[]): Omit<DlqArguments, "command" | "help"> {
  const { pipeline = [], set = [] } = values;
  return {
    selection: {
      ids: ids.map(idOf),
      reasons: (values.reason ?? []).map(reasonOf),
      olderThanMs: timeOf("--older-than", values["older-than"]),
      newerThanMs: timeOf("--newer-than", values["newer-than"]),
      lanes: values.lane ?? [],
      limit: values.limit === undefined ? undefined : limitOf(values.limit),
    },
    pipelines: pipelinesNamed(pipeline),
    dataDir: values["data-dir"],
    json: values.json ?? false,
    dryRun: values["dry-run"] ?? false,
    newId: values["new-id"] ?? false,
    set: set.map(fieldOf),
    bodyFile: values["body-file"],
  };
}

/** An option that a command does not know must not be passed over. */
function refuseStrangers(command: DlqCommand, values: Values): void {
  const names = Object.keys(values) as readonly OptionName[];
  const stranger = names.find((name) => !known[command].includes(name));
  if (stranger !== undefined) throw new Error(`dlq ${command} knows no --${stranger}`);
}

/** What changes letters is told which. */
function refuseVague(command: DlqCommand, values: Values, { ids }: Selection): void {
  if ((command === "show" || command === "edit") && ids.length === 0) {
    throw new Error(`dlq ${command} needs the id of a letter: dlq ls lists them`);
  }
  if (command === "edit" && ids.length > 1) throw new Error("dlq edit takes one letter at a time");
  if (command === "edit" && values.set !== undefined && values["body-file"] !== undefined) {
    throw new Error("dlq edit takes --set or --body-file, not both");
  }
  if (command !== "redrive" && command !== "drop") return;
  const chosen = [...choosing, "pipeline", "lane"] as const;
  const isChosen = ids.length > 0 || chosen.some((name) => values[name] !== undefined);
  if (!isChosen && !values.all) {
    throw new Error(`dlq ${command} must be told which letters: --id, --reason, … or --all`);
  }
  if (isChosen && values.all) throw new Error("--all goes with no other choice of letters");
}

function idOf(text: string): EventId {
  const id = parseEventId(text);
  if (id === undefined)
    throw new UsageError(`--id must be an event's id: current value is "${text}"`);
  return id;
}

function reasonOf(text: string): LetterReason {
  const reason = letterReasons.find((each) => each === text);
  if (reason !== undefined) return reason;
  throw new Error(
    `--reason must be one of ${letterReasons.join(", ")}: current value is "${text}"`,
  );
}

function timeOf(option: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : durationMs(option, text);
}

function limitOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`--limit must be a whole number from 1 on: current value is "${text}"`);
}

function fieldOf(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new Error(
    `--set must be a field and its value, such as humidity=60: current value is "${text}"`,
  );
}
