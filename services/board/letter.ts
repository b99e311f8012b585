import type { WaitingLetter } from "../../lib/broker/dead-letters.ts";
import { readLetter } from "../../lib/delivery/letter.ts";

/** A dead letter as the API shows it. */
export interface Letter {
  readonly lane: string;
  readonly id: string;
  readonly reason: string;
  readonly error: string;
  readonly attempts: number;
  /** When its effect was tried first, ISO 8601; empty where it is not known. */
  readonly firstAt?: string;
  /** When it was set aside, ISO 8601; empty where it is not known. */
  readonly at: string;
  /** The original body as text, cut. */
  readonly body: string;
}

const charsMax = 2_000;
/** No character has more bytes. */
const bytesMax = charsMax * 4;

const utf8 = new TextDecoder();

/** Shows a letter of a pipeline's lane. */
export function letterOf(
  where: { readonly pipeline: string; readonly lane: string },
  { message, id }: WaitingLetter,
): Letter {
  const letter = readLetter(message, id, where);
  return {
    lane: where.lane,
    id: letter.id,
    reason: letter.reason,
    error: letter.error,
    attempts: letter.attempts,
    firstAt: letter.firstAt ?? "",
    at: letter.lastAt ?? "",
    body: utf8.decode(letter.body.subarray(0, bytesMax)).slice(0, charsMax),
  };
}
