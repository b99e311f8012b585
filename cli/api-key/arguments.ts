import { parseArgs } from "node:util";
import {
  clientNameRule,
  instantMs,
  isClientName,
  rateIn,
  rateRule,
} from "../../lib/auth/keys-file.ts";
import { durationMs } from "../arguments/duration.ts";
import { asUsage } from "../arguments/usage-error.ts";
import { type ApiKeyCommand, commands } from "./help.ts";

/** What the command line asks for. */
export type ApiKeyArguments =
  | { readonly command: "help"; readonly about: ApiKeyCommand | undefined }
  | ({ readonly command: "new" } & NewKey)
  | { readonly command: "ls" | "check"; readonly file: string; readonly json: boolean };

/** The key that is to be made. */
export interface NewKey {
  readonly client: string;
  readonly file: string | undefined;
  readonly ratePerSecond: number | undefined;
  /** When it ends, in milliseconds since the Unix epoch. */
  readonly untilMs: number | undefined;
  readonly json: boolean;
}

const one = { type: "string" } as const;

const options = {
  ...{ file: one, rate: one, until: one },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type OptionName = keyof typeof options;

const known: Readonly<Record<ApiKeyCommand, readonly OptionName[]>> = {
  new: ["file", "rate", "until", "json", "help"],
  ls: ["file", "json", "help"],
  check: ["file", "help"],
};

/**
 * Reads the command line.
 *
 * @throws UsageError with what it cannot mean.
 */
export function readArguments(args: readonly string[], nowMs = Date.now()): ApiKeyArguments {
  return asUsage(() => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options,
    });
    const [name, ...words] = positionals;
    const command = commands.find((each) => each === name);
    if (name !== undefined && command === undefined) {
      throw new Error(`api-key knows ${commands.join(", ")}: current value is "${name}"`);
    }
    if (command === undefined || values.help) return { command: "help", about: command };
    const given = Object.keys(values) as readonly OptionName[];
    const stranger = given.find((each) => !known[command].includes(each));
    if (stranger !== undefined) throw new Error(`api-key ${command} knows no --${stranger}`);
    const { file, rate, until, json = false } = values;
    if (command !== "new") return { command, file: fileIn(command, words, file), json };
    return {
      ...{ command, file, json, client: clientIn(words) },
      ratePerSecond: rate === undefined ? undefined : rateOf(rate),
      untilMs: until === undefined ? undefined : untilOf(until, nowMs),
    };
  });
}

function fileIn(command: ApiKeyCommand, words: readonly string[], file?: string): string {
  if (words.length > 0) throw new Error(`api-key ${command} takes options alone: see --help`);
  if (file === undefined) throw new Error(`api-key ${command} needs --file FILE`);
  return file;
}

function clientIn([client = "", ...more]: readonly string[]): string {
  if (more.length === 0 && isClientName(client)) return client;
  throw new Error(
    `api-key new needs the name of one client, which ${clientNameRule}: current value is "${[client, ...more].join(" ")}"`,
  );
}

function rateOf(text: string): number {
  const rate = rateIn(text);
  if (rate !== undefined) return rate;
  throw new Error(`--rate ${rateRule}: current value is "${text}"`);
}

/** A time, or how long from now on. */
function untilOf(text: string, nowMs: number): number {
  const untilMs = instantMs(text) ?? nowMs + durationMs("--until", text);
  if (untilMs > nowMs) return untilMs;
  throw new Error(`--until must lie in the future: current value is "${text}"`);
}
