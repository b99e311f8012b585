import type { LaneLog } from "../broker/lane-log.ts";
import type { LogRange } from "../broker/letter-log.ts";
import { type KnownAsides, knownAsides } from "./known-asides.ts";

/** A lane that can be read from its beginning, and what it has set aside. */
export interface LoggedLane {
  readonly lane: string;
  readonly log: LaneLog;
  readonly letters: LaneLog;
}

/** The same, measured. */
export interface OpenLane extends LoggedLane {
  readonly ranges: ReadonlyMap<string, LogRange>;
  readonly asides: KnownAsides;
}

/** Measures a lane's log, and reads what was set aside of it. */
export async function openLane(pipeline: string, logged: LoggedLane): Promise<OpenLane> {
  const { lane, log, letters } = logged;
  const ranges = await log.ranges();
  return { ...logged, ranges, asides: await knownAsides(letters, { pipeline, lane }) };
}
