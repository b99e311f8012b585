import { parseArgs } from "node:util";

/** The linters by the names that the command line has for them. */
export const linterNames = ["rules", "checkov", "kube-score", "kube-linter"] as const;

/** One of them. */
export type LinterChoice = (typeof linterNames)[number];

/** What the command line asks for. */
export interface LintArguments {
  /** The folder of the manifests. */
  readonly dist: string;
  readonly linters: readonly LinterChoice[];
  /** Whether the page of waivers is printed, and nothing linted. */
  readonly page: boolean;
}

/** What `--help` prints. */
export const help = `bun run lint:manifests [options]     lints dist/ against one list of waivers, charts/waivers.ts

  --only LINTER   several times for several (all)
                  rules        the built-in checks of kube-linter as rules of ours
                  checkov      needs python3; is installed at the first run
                  kube-score   needs go; is built at the first run
                  kube-linter  itself, where it is in PATH
  --dist DIR      the folder of the manifests (dist)
  --page          print docs/cluster/waivers.md instead
  --help          this text

A linter that this machine cannot have is named as not run, which is no fault. Exits 1 where something is found that no
waiver covers, or a waiver covers nothing; 2 where a linter fails.
`;

/**
 * Reads the command line; undefined where it asks for help.
 *
 * @throws Error naming what is wrong.
 */
export function readArguments(args: readonly string[]): LintArguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", multiple: true, default: [] },
      dist: { type: "string", default: "dist" },
      page: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  if (values.help) return undefined;
  const unknown = values.only.find((each) => !linterNames.some((name) => name === each));
  if (unknown !== undefined) {
    throw new Error(
      `Cannot use --only: must be one of ${linterNames.join(", ")}: current value is ${unknown}`,
    );
  }
  const { only } = values;
  const linters = linterNames.filter((name) => only.length === 0 || only.includes(name));
  return { dist: values.dist, linters, page: values.page };
}
