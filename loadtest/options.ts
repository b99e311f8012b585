import { parseArgs } from "node:util";

/** What a load run does. */
export interface LoadOptions {
  readonly url: URL;
  readonly requests: number;
  readonly users: number;
  /** Whether clients choose the idempotency keys, so that they can repeat a request that got no answer. */
  readonly keys: boolean;
  /** How long the stores may take to catch up, in milliseconds. */
  readonly drainMs: number;
}

export const usage = `Sends weather tweets and checks that what was acknowledged is what is stored.

usage: bun run load [options]

  --url URL          where the pipeline answers       (http://localhost:8080)
  --requests N       how many tweets                  (10000)
  --users N          how many clients at a time       (10)
  --no-keys          clients send no idempotency key, as the references' scripts;
                     a request without an answer cannot be repeated then
  --drain SECONDS    how long the stores may take     (60)
  --help             this text

Exits 0 where every tweet was acknowledged and has exactly one effect, else 1.`;

/**
 * Reads the command line; undefined where it asks for help.
 *
 * @throws Error naming what is wrong.
 */
export function readOptions(args: readonly string[]): LoadOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      url: { type: "string", default: "http://localhost:8080" },
      requests: { type: "string", default: "10000" },
      users: { type: "string", default: "10" },
      keys: { type: "boolean", default: true },
      drain: { type: "string", default: "60" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  if (!URL.canParse(values.url))
    throw new Error(`Cannot use --url: current value is ${values.url}`);
  return {
    url: new URL(values.url),
    requests: whole("requests", values.requests, 10_000_000),
    users: whole("users", values.users, 10_000),
    keys: values.keys,
    drainMs: whole("drain", values.drain, 3_600) * 1_000,
  };
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
