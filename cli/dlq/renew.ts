import type { Settlement, WaitingLetter } from "../../lib/broker/dead-letters.ts";
import type { DeadLetter } from "../../lib/delivery/dead-letter.ts";
import { deadLetter, deadLetterMessage } from "../../lib/delivery/dead-letter.ts";
import { type Letter, readLetter } from "../../lib/delivery/letter.ts";
import { type EventId, newEventId } from "../../lib/event/event-id.ts";
import { pause } from "../../lib/pause.ts";
import type { LanePlace } from "../places/place.ts";
import { type FoundLetter, readLane } from "./find-letters.ts";

const seenMs = 10_000;
const lookEveryMs = 100;

/** What an operator changes of a letter. */
export type LetterChange = Partial<Pick<DeadLetter, "id" | "formerId">> & {
  readonly body?: Uint8Array | undefined;
};

/** What takes a letter's place: the same, with a change. */
export function changed(
  waiting: WaitingLetter,
  letter: Letter,
  { id = letter.id, formerId = letter.formerId, body = letter.body }: LetterChange,
): Settlement {
  const { reason, error, attempts, origin, headers, key } = letter;
  const nowIso = new Date().toISOString();
  const by = deadLetter(
    { body, headers, ...(key === undefined ? {} : { key }) },
    {
      // What the broker or somebody else put there is a letter of ours from now on.
      ...{ id, reason, error, attempts, origin, formerId, editedAt: nowIso },
      firstAt: letter.firstAt ?? nowIso,
      lastAt: letter.lastAt ?? nowIso,
    },
  );
  return { letter: waiting, as: "replaced", by: deadLetterMessage(by) };
}

/**
 * Gives letters ids of this moment, and yields them as they wait from now on. The new id is stored before anything is
 * published under it: whoever dies in between finds the letter under it, and does not make a second one.
 */
export async function renew(
  place: LanePlace,
  letters: readonly FoundLetter[],
): Promise<readonly FoundLetter[]> {
  const renewed = letters.map(({ waiting, letter }) => ({ waiting, letter, id: newEventId() }));
  await place.letters.settle(
    renewed.map(({ waiting, letter, id }) => changed(waiting, letter, { id, formerId: letter.id })),
  );
  return readAll(place, new Set(renewed.map(({ id }) => id)));
}

/** Reads letters that were just stored, which a broker may show a moment later. */
async function readAll(
  place: LanePlace,
  ids: ReadonlySet<EventId>,
): Promise<readonly FoundLetter[]> {
  const where = { pipeline: place.pipeline.name, lane: place.lane };
  const limitMs = performance.now() + seenMs;
  while (performance.now() < limitMs) {
    const found: FoundLetter[] = [];
    for await (const waiting of readLane(place, { first: "oldest", ids })) {
      found.push({ place, waiting, letter: readLetter(waiting.message, waiting.id, where) });
    }
    if (found.length === ids.size) return found;
    await pause(lookEveryMs);
  }
  throw new Error(
    `Cannot find ${ids.size} letters under their new ids after ${seenMs} ms: they wait: redrive them by --reason`,
  );
}
