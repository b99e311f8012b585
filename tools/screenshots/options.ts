import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface ScreenshotOptions {
  /** The folder that the pictures go to. */
  readonly out: string;
}

/** What `--help` prints. */
export const usage = `Takes the pictures of the board's page that the documentation shows.

usage: bun run screenshots [options]

  --out FOLDER   where the pictures go    (docs/images)
  --help         this text

Laptop mode runs on free ports with data of its own, gets the file of votes, tweets and some dead letters, and ends with
the pictures. Needs Chromium: CHROMIUM, or one at the usual paths.`;

/**
 * Reads the command line; undefined where it asks for help.
 *
 * @throws Error naming what is wrong.
 */
export function readOptions(args: readonly string[]): ScreenshotOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: "string", default: "docs/images" },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  return values.help ? undefined : { out: values.out };
}
