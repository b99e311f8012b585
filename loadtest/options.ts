import { parseArgs } from "node:util";
import { findMix, mixNames } from "./mixes/find-mix.ts";
import { type Mix, pathsOf, requestsMax } from "./mixes/mix.ts";
import type { LoadOptions } from "./run-load.ts";

/** What the command line asks for. */
export interface Command extends LoadOptions {
  readonly mix: Mix;
  /** Where the result goes as JSON: a file, or `-` for the standard output. */
  readonly json: string | undefined;
}

export const usage = `Sends a pipeline's events and checks that what was acknowledged is what is stored.

usage: bun run load [options]

  --pipeline NAME    ${mixNames.join(", ")}    (clima-app)
  --url URL          where the pipeline answers               (http://localhost:8080)
  --route ROUTE      one of the pipeline's routes, random, or a path      (random)
                     votaciones: rust, grpc; proyecto3: tweet, or /tweet where it
                     has a host of its own
  --requests N       how many events         (10000; votaciones: every vote once,
                     with more requests over and over)
  --users N          how many clients at a time                              (10)
  --votes FILE       the votes to send               (loadtest/data/votes.json)
  --no-keys          clients send no idempotency key, as the references' scripts;
                     a request without an answer cannot be repeated then
  --board URL        where the board answers                              (--url)
  --drain SECONDS    how long the stores may take                            (60)
  --json [FILE]      the result as JSON, to a file or to the standard output
  --help             this text

API_KEY in the environment is the key that the clients send, where one is needed.

Exits 0 where every event was acknowledged and has exactly one effect, else 1;
2 where the run could not be made, 130 after Ctrl-C, which ends the run early and
still checks what was sent.`;

/**
 * Reads the command line; undefined where it asks for help.
 *
 * @throws Error naming what is wrong.
 */
export function readOptions(args: readonly string[]): Command | undefined {
  const { values } = parseArgs({
    args: args.map((each, index) => (isBareJson(each, args[index + 1]) ? "--json=-" : each)),
    allowNegative: true,
    options: {
      pipeline: { type: "string", default: "clima-app" },
      url: { type: "string", default: "http://localhost:8080" },
      route: { type: "string", default: "random" },
      requests: { type: "string" },
      users: { type: "string", default: "10" },
      votes: { type: "string" },
      keys: { type: "boolean", default: true },
      board: { type: "string" },
      drain: { type: "string", default: "60" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const mix = findMix(values.pipeline, values.votes);
  pathsOf(mix, values.route);
  return {
    mix,
    url: urlOf("url", values.url),
    route: values.route,
    requests: whole("requests", values.requests ?? `${mix.requests}`, requestsMax),
    users: whole("users", values.users, 10_000),
    keys: values.keys,
    board: urlOf("board", values.board ?? values.url),
    drainMs: whole("drain", values.drain, 3_600) * 1_000,
    json: values.json,
  };
}

function isBareJson(argument: string, next: string | undefined): boolean {
  return argument === "--json" && (next === undefined || next.startsWith("--"));
}

function urlOf(name: string, raw: string): URL {
  if (URL.canParse(raw)) return new URL(raw);
  throw new Error(`Cannot use --${name}: must be a URL: current value is ${raw}`);
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
