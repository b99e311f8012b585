import type { LetterQuery, WaitingLetter } from "../../lib/broker/dead-letters.ts";
import { type Letter, readLetter } from "../../lib/delivery/letter.ts";
import type { LanePlace, Places } from "../places/place.ts";
import type { Selection } from "./arguments.ts";

/** A letter that waits, and where. */
export interface FoundLetter {
  readonly place: LanePlace;
  readonly waiting: WaitingLetter;
  readonly letter: Letter;
}

/** The lanes among `places` that a selection leaves. */
export function lanesOf(places: Places, { lanes }: Selection): readonly LanePlace[] {
  const all = places.pipelines.flatMap((each) => each.lanes);
  const chosen = all.filter(({ lane }) => lanes.length === 0 || lanes.includes(lane));
  if (chosen.length > 0) return chosen;
  const names = [...new Set(all.map(({ lane }) => lane))].join(", ");
  throw new Error(`Cannot find lane ${lanes.join(", ")}: the lanes here are ${names}`);
}

/** The letters of one lane that a selection chooses; its limit counts those of this lane. */
export async function* lettersIn(
  place: LanePlace,
  selection: Selection,
  first: "oldest" | "newest",
  nowMs: number,
): AsyncIterable<FoundLetter> {
  const ids = selection.ids.length === 0 ? undefined : new Set(selection.ids);
  const limit = selection.limit ?? Number.POSITIVE_INFINITY;
  const where = { pipeline: place.pipeline.name, lane: place.lane };
  let found = 0;
  for await (const waiting of readLane(place, { first, ids })) {
    const letter = readLetter(waiting.message, waiting.id, where);
    if (!isChosen(letter, selection, nowMs)) continue;
    yield { place, waiting, letter };
    found += 1;
    if (found >= limit) return;
  }
}

/** Reads a lane's letters; a fault says which lane's. */
export async function* readLane(
  { pipeline, lane, letters }: LanePlace,
  query: LetterQuery,
): AsyncIterable<WaitingLetter> {
  try {
    yield* letters.read(query);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot read dead letters of ${pipeline.name}/${lane}: ${why}`, { cause });
  }
}

/** The same letter for who only needs to know that it is there. */
export function withoutBody(found: FoundLetter): FoundLetter {
  const { waiting, letter } = found;
  const body = new Uint8Array();
  return {
    ...found,
    waiting: { ...waiting, message: { ...waiting.message, body } },
    letter: { ...letter, body },
  };
}

/** What `--older-than` and `--newer-than` say nothing of, since its time is not known, is chosen by neither. */
function isChosen(
  { reason, lastAt }: Letter,
  { reasons, olderThanMs, newerThanMs }: Selection,
  nowMs: number,
): boolean {
  if (reasons.length > 0 && !reasons.includes(reason)) return false;
  if (olderThanMs === undefined && newerThanMs === undefined) return true;
  const ageMs = nowMs - Date.parse(lastAt ?? "");
  return ageMs >= (olderThanMs ?? 0) && ageMs <= (newerThanMs ?? Number.POSITIVE_INFINITY);
}
