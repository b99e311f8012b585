import type { LaneLog } from "../broker/lane-log.ts";
import { readLetter } from "../delivery/letter.ts";
import { newEventId } from "../event/event-id.ts";
import type { AsideReason } from "../store/store.ts";

/** Why a live store set messages aside, by partition and offset. */
export type KnownAsides = ReadonlyMap<string, ReadonlyMap<number, AsideReason>>;

/**
 * The reasons that a fold could not find by itself: what was late depends on when it came, what was refused on what stood
 * in the store, and which of two bodies under one id came first may depend on another lane.
 */
const reasons: readonly string[] = ["late", "refused", "conflict"];

/** Reads from a lane's dead letters, dealt with or not, what was set aside where; bounded by what such a log keeps. */
export async function knownAsides(
  letters: LaneLog,
  origin: { readonly pipeline: string; readonly lane: string },
): Promise<KnownAsides> {
  const asides = new Map<string, Map<number, AsideReason>>();
  for (const [partition, { start, end }] of await letters.ranges()) {
    for await (const messages of letters.read(partition, start, end)) {
      for (const message of messages) {
        const letter = readLetter(message, message.id ?? newEventId(), origin);
        const { position } = letter.origin;
        if (position === undefined || !isAside(letter.reason)) continue;
        const offsets = asides.get(position.partition) ?? new Map<number, AsideReason>();
        asides.set(position.partition, offsets.set(position.offset, letter.reason));
      }
    }
  }
  return asides;
}

function isAside(reason: string): reason is AsideReason {
  return reasons.includes(reason);
}
