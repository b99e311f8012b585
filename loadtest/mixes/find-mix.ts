import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { climaApp } from "./clima-app.ts";
import type { Mix } from "./mix.ts";
import { proyecto3 } from "./proyecto3.ts";
import { type Vote, votaciones } from "./votaciones.ts";

/** The file of votes that stands beside this code. */
export const votesFile = fileURLToPath(new URL("../data/votes.json", import.meta.url));

const mixes: Readonly<Record<string, (votes: string) => Mix>> = {
  "clima-app": () => climaApp,
  proyecto3: () => proyecto3,
  votaciones: (votes) => votaciones(readVotes(votes)),
};

/** The pipelines that have a mix. */
export const mixNames: readonly string[] = Object.keys(mixes);

/**
 * What is sent to a pipeline; `votes` is the file that votaciones sends.
 *
 * @throws Error where there is no such pipeline, or the file cannot be used.
 */
export function findMix(pipeline: string, votes: string = votesFile): Mix {
  const mix = new Map(Object.entries(mixes)).get(pipeline);
  if (mix !== undefined) return mix(votes);
  throw new Error(
    `Cannot load pipeline: must be one of ${mixNames.join(", ")}: current value is ${pipeline}`,
  );
}

function readVotes(file: string): readonly Vote[] {
  const fault = (why: string, cause?: unknown) =>
    new Error(`Cannot use the file of votes: ${why}: current value is ${file}`, { cause });
  let votes: unknown;
  try {
    votes = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw fault(error instanceof Error ? error.message : String(error), error);
  }
  if (!Array.isArray(votes) || votes.length === 0 || !votes.every(isVote)) {
    throw fault("it must be a list of objects with the texts name, album, year and rank");
  }
  return votes;
}

function isVote(row: unknown): row is Vote {
  if (typeof row !== "object" || row === null) return false;
  const fields = new Map(Object.entries(row));
  return ["name", "album", "year", "rank"].every((name) => typeof fields.get(name) === "string");
}
