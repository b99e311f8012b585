import { parseArgs } from "node:util";
import { type Part, parts } from "./row.ts";

/** What the command line asks for. */
export interface FuzzArguments {
  readonly parts: readonly Part[];
  /** Parts of the names of doors; empty: all. */
  readonly doors: readonly string[];
  /** How many bodies each door gets. */
  readonly bodies: number;
  /** How many messages each lane gets. */
  readonly messages: number;
  readonly seed: number;
  readonly isShort: boolean;
  /** Where the rows go as JSON: a file, or `-` for the standard output. */
  readonly json: string | undefined;
  /** Whether the page of the documentation is written. */
  readonly page: boolean;
}

const usual = { bodies: 100_000, messages: 20_000, seed: 1 };
const brief = { bodies: 3_000, messages: 1_000 };

/** What `--help` prints. */
export const help = `bun run fuzz [options]     sends what nobody should send, and checks that no door, broker or board suffers from it

  --doors            generated bodies at every door of laptop mode          (all parts, where none is named)
  --raw              raw bytes, HTTP/1.1, HTTP/2 and gRPC frames at every port
  --brokers          random bytes on topics and queues of real servers
  --openapi          schemathesis on the description of board and doors
  --door WORD        the doors whose name has this in it; several times for several        (all)
  --bodies N         how many bodies each door gets                               (${usual.bodies})
  --messages N       how many messages each lane gets                              (${usual.messages})
  --seed N           what decides what is sent                                         (${usual.seed})
  --short            doors and raw bytes alone, ${brief.bodies} bodies a door, within a minute
  --json [FILE]      the rows as JSON, to a file or to the standard output
  --page             writes docs/fuzzing.md
  --help             this text

Starts everything itself, on ports and folders of its own, and ends it. Ends with a table; exits 0 when nothing is
found, 1 when something is, which is told with its seed and number, 2 when it could not be tried, 130 after Ctrl-C.
`;

const countMax = 10_000_000;
const seedMax = 2 ** 31 - 1;

/**
 * Reads the command line; undefined where it asks for help.
 *
 * @throws Error naming what is wrong.
 */
export function readArguments(args: readonly string[]): FuzzArguments | undefined {
  const { values } = parseArgs({
    args: args.map((each, index) => (isBareJson(each, args[index + 1]) ? "--json=-" : each)),
    options: {
      doors: { type: "boolean", default: false },
      raw: { type: "boolean", default: false },
      brokers: { type: "boolean", default: false },
      openapi: { type: "boolean", default: false },
      door: { type: "string", multiple: true, default: [] },
      bodies: { type: "string" },
      messages: { type: "string" },
      seed: { type: "string", default: `${usual.seed}` },
      short: { type: "boolean", default: false },
      json: { type: "string" },
      page: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  if (values.help) return undefined;
  const { door: doors, short: isShort, json, page } = values;
  const counts = isShort ? brief : usual;
  const named = parts.filter((part) => values[part] || (part === "doors" && doors.length > 0));
  const all = isShort ? parts.slice(0, 2) : parts;
  return {
    ...{ doors, isShort, json, page },
    parts: named.length === 0 ? all : named,
    bodies: whole("bodies", values.bodies ?? `${counts.bodies}`, countMax),
    messages: whole("messages", values.messages ?? `${counts.messages}`, countMax),
    seed: whole("seed", values.seed, seedMax),
  };
}

function isBareJson(argument: string, next: string | undefined): boolean {
  return argument === "--json" && (next === undefined || next.startsWith("--"));
}

function whole(name: string, raw: string, max: number): number {
  const value = Number(raw);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new Error(
    `Cannot use --${name}: must be a whole number from 1 to ${max}: current value is ${raw}`,
  );
}
