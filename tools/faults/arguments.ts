import { parseArgs } from "node:util";
import { type Policy, policies } from "../../lib/pipeline/station.ts";

/** What the command line asks for. */
export interface FaultArguments {
  /** Numbers or names of faults; empty: all. */
  readonly faults: readonly string[];
  /** Empty: all that each fault is tried under. */
  readonly targets: readonly Policy[];
  readonly short: boolean;
  readonly list: boolean;
  /** Where the rows go as JSON: a file, or `-` for the standard output. */
  readonly json: string | undefined;
  /** Whether the page of the documentation is written. */
  readonly page: boolean;
  /** How many rounds of killing any one process; undefined: none, the faults are done. */
  readonly killAny: number | undefined;
  readonly seed: number | undefined;
  /** Events a second that these rounds offer. */
  readonly rate: number;
  /** Whether such rounds begin at the first one although some were done before. */
  readonly restart: boolean;
}

/** What `--help` prints. */
export const help = `bun run faults [options]     does faults to a running system and checks that nothing is lost and nothing counts twice

  --fault N          a fault by its number or name; several times for several        (all)
  --target POLICY    kafka, rabbit, both or random; several times for several
                     (all that a fault is tried under)
  --short            the short form: fewer faults, shorter ones, within 6 minutes
  --list             what there is, and what cannot be produced
  --json [FILE]      the rows as JSON, to a file or to the standard output
  --page             writes docs/faults.md

  --kill-any N       instead: N rounds, in each of which any one process is killed at any time under load;
                     goes on where it stopped
  --rate N           how many events a second such a round offers                     (2000)
  --seed N           what decides who is killed and when       (that of the rounds done before)
  --restart          begin such rounds anew
  --help             this text

Real servers are installed and started as local processes, and end with the command. Ends with a table; exits 0 when
everything holds, 1 when something does not, which is told with ids, 2 when it could not be tried, 130 after Ctrl-C.
`;

const roundsMax = 10_000;
const rateMax = 10_000;
const seedMax = 2 ** 31 - 1;

/**
 * Reads the command line; undefined where it asks for help.
 *
 * @throws Error naming what is wrong.
 */
export function readArguments(args: readonly string[]): FaultArguments | undefined {
  const { values } = parseArgs({
    args: args.map((each, index) => (isBareJson(each, args[index + 1]) ? "--json=-" : each)),
    options: {
      fault: { type: "string", multiple: true, default: [] },
      target: { type: "string", multiple: true, default: [] },
      short: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      json: { type: "string" },
      page: { type: "boolean", default: false },
      "kill-any": { type: "string" },
      rate: { type: "string", default: "2000" },
      seed: { type: "string" },
      restart: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  if (values.help) return undefined;
  const { fault: faults, short, list, json, page, restart } = values;
  const rounds = values["kill-any"];
  return {
    ...{ faults, short, list, json, page, restart },
    targets: values.target.map(policyOf),
    killAny: rounds === undefined ? undefined : whole("kill-any", rounds, roundsMax),
    seed: values.seed === undefined ? undefined : whole("seed", values.seed, seedMax),
    rate: whole("rate", values.rate, rateMax),
  };
}

function isBareJson(argument: string, next: string | undefined): boolean {
  return argument === "--json" && (next === undefined || next.startsWith("--"));
}

function policyOf(raw: string): Policy {
  const found = policies.find((each) => each === raw);
  if (found !== undefined) return found;
  throw new Error(
    `Cannot use --target: must be one of ${policies.join(", ")}: current value is ${raw}`,
  );
}

function whole(name: string, raw: string, max: number): number {
  const value = Number(raw);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new Error(
    `Cannot use --${name}: must be a whole number from 1 to ${max}: current value is ${raw}`,
  );
}
