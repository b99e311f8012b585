import type { BrokerMessage } from "../../lib/broker/message.ts";
import type { PublishResult } from "../../lib/broker/publisher.ts";
import type { Letter } from "../../lib/delivery/letter.ts";
import type { LanePlace } from "../places/place.ts";
import type { Dealer, DealingCommand } from "./deal.ts";
import type { FoundLetter } from "./find-letters.ts";
import type { Outcome } from "./outcome.ts";
import { needsNewId, refusalOf } from "./refusal.ts";
import { renew } from "./renew.ts";

const publishMs = 10_000;

/**
 * `dlq redrive`: the original bytes and headers are published to the lane under the letter's id, and the letter is taken
 * out once that is confirmed. Who dies in between leaves it waiting, and to redrive it again has no second effect.
 */
export function redriving(newId: boolean): DealingCommand {
  return {
    deed: { infinitive: "redrive", done: "redriven" },
    refuse: ({ letter }) => refusalOf(letter, newId),
    open: redriver,
  };
}

function redriver(place: LanePlace): Dealer {
  const publisher = place.publisher();
  return {
    async deal(letters) {
      const ready = await renewed(place, letters);
      const results = await publisher.publish(
        ready.map(({ letter }) => messageOf(place, letter)),
        { deadlineAtMs: Date.now() + publishMs },
      );
      const confirmed = ready.filter((_, index) => results[index]?.stored === true);
      const why = await place.letters
        .settle(confirmed.map(({ waiting }) => ({ letter: waiting, as: "redriven" })))
        .then(() => undefined, unmarked);
      return ready.map((found, index) => outcomeOf(found, results[index], why));
    },
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  };
}

/** The letters, those under another id that need one. */
async function renewed(place: LanePlace, letters: readonly FoundLetter[]) {
  const old = letters.filter(({ letter }) => needsNewId(letter));
  if (old.length === 0) return letters;
  const others = letters.filter(({ letter }) => !needsNewId(letter));
  return [...others, ...(await renew(place, old))];
}

function messageOf({ pipeline }: LanePlace, { id, key, body, headers }: Letter): BrokerMessage {
  return { id, key, spread: pipeline.broker.spread, body, headers };
}

function unmarked(error: unknown): string {
  return `it is confirmed, but that is not written down, so it waits on; to redrive it again is harmless: ${error}`;
}

function outcomeOf(
  found: FoundLetter,
  result: PublishResult | undefined,
  unmarkedWhy: string | undefined,
): Outcome {
  if (result?.stored === true) {
    return { found, kind: unmarkedWhy === undefined ? "done" : "failed", why: unmarkedWhy };
  }
  const why = result?.error.message ?? "nothing is known of it";
  return { found, kind: "failed", why: `it is not confirmed and waits on: ${why}` };
}
