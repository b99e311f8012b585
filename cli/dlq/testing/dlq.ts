import { jsonLines, run } from "../../testing/run.ts";

interface Place {
  readonly dataDir: string;
}

/** Runs `dlq` on a laptop mode's folder. */
export const dlq = (place: Place, args: readonly string[], input?: string) =>
  run("dlq", [...args, "--data-dir", place.dataDir], {}, input);

/** The ids of the letters that wait there, lane by lane, the newest first. */
export const waiting = async (place: Place) =>
  jsonLines((await dlq(place, ["ls", "--json"])).out).map(({ id }) => id as string);
