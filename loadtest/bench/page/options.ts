import { parseArgs } from "node:util";

/** The views of the page that are measured, by the hash of their addresses. */
export const views = {
  home: "#/",
  "clima-app": "#/clima-app",
  votaciones: "#/votaciones",
} as const;

/** One of `views`. */
export type ViewName = keyof typeof views;

/** What the command line asks for. */
export interface PageBench {
  /** Events a second. */
  readonly rate: number;
  /** How long each view is measured. */
  readonly seconds: number;
  readonly runs: number;
  readonly views: readonly ViewName[];
  readonly json: boolean;
}

const names = Object.keys(views) as readonly ViewName[];

/** What `--help` prints. */
export const usage = `Measures the board's page in Chromium while events come in, and prints a Markdown table.

usage: bun run bench:page [options]

  --rate N       events a second, votes and tweets by turns                 (2000)
  --seconds N    how long each view is measured                               (20)
  --runs N       how often everything is measured; the medians are printed     (1)
  --view NAME    one of ${names.join(", ")}; several times for several (all)
  --json         every run, and the medians, as JSON
  --help         this text

Laptop mode, browser and load run on this machine, on free ports and with data of their own, and end with the
measurement. The load does not wait for replies (an open loop). Needs Chromium: CHROMIUM, or one at the usual paths.`;

/**
 * Reads the command line; undefined where it asks for help.
 *
 * @throws Error naming what is wrong.
 */
export function readOptions(args: readonly string[]): PageBench | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rate: { type: "string", default: "2000" },
      seconds: { type: "string", default: "20" },
      runs: { type: "string", default: "1" },
      view: { type: "string", multiple: true, default: [] },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  if (values.help) return undefined;
  return {
    rate: whole("rate", values.rate, 20_000),
    seconds: whole("seconds", values.seconds, 600),
    runs: whole("runs", values.runs, 20),
    views: values.view.length === 0 ? names : values.view.map(viewOf),
    json: values.json,
  };
}

function viewOf(name: string): ViewName {
  const found = names.find((each) => each === name);
  if (found !== undefined) return found;
  throw new Error(
    `Cannot use --view: must be one of ${names.join(", ")}: current value is ${name}`,
  );
}

function whole(name: string, raw: string, max: number): number {
  const value = Number(raw);
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new Error(
      `Cannot use --${name}: must be a whole number from 1 to ${max}: current value is ${raw}`,
    );
  }
  return value;
}
