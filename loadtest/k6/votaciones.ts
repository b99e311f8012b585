import { SharedArray } from "k6/data";
import { type Vote, votaciones } from "../mixes/votaciones.ts";
import { loadRun } from "./lib/load-run.ts";

const votes: readonly Vote[] = new SharedArray("votes", () => JSON.parse(open(votesFile())));

/** The file of votes for votaciones, each row once: `k6 run loadtest/k6/votaciones.ts`; `VOTES` names another file. */
export const { options, setup, send, teardown, handleSummary } = loadRun(votaciones(votes), {
  pause: "0.1-0.9",
});

function votesFile(): string {
  const { VOTES: file, PWD: folder } = __ENV;
  if (file === undefined) return import.meta.resolve("../data/votes.json");
  return file.startsWith("/") ? file : `${folder ?? ""}/${file}`;
}
