import type { BrokerMessage, DeliveredMessage } from "../broker/message.ts";
import type { EventId } from "../event/event-id.ts";
import type { AsideReason } from "../store/store.ts";

/**
 * Why a letter is one: what a store or a consumer says; `undelivered` where the broker gave up delivering the message;
 * `unknown` where somebody else put a message among the letters.
 */
export type LetterReason = AsideReason | "undelivered" | "unknown";

/** The parts of a letter that it may hold in part only. */
export const cutParts = ["body", "headers", "key", "error"] as const;

/** One of `cutParts`. */
export type CutPart = (typeof cutParts)[number];

/** Where a message stood that was set aside. */
export interface LetterOrigin {
  readonly pipeline: string;
  readonly lane: string;
  /** On lanes with offsets. */
  readonly position?: { readonly partition: string; readonly offset: number } | undefined;
}

/** Why and from where a message was set aside, with its original bytes: the same envelope on every broker. */
export interface DeadLetter {
  readonly version: 2;
  /** The event's id; a foreign message's is made of its position or is new. */
  readonly id: EventId;
  readonly reason: LetterReason;
  /** What was wrong, in a sentence. */
  readonly error: string;
  /** How often its effect was tried. */
  readonly attempts: number;
  readonly origin: LetterOrigin;
  /** When its effect was tried first, ISO 8601. */
  readonly firstAt: string;
  /** When it was tried last, and set aside. */
  readonly lastAt: string;
  /** The key that it was published with, on lanes that have keys. */
  readonly key?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The original body, in base64. */
  readonly body: string;
  /** The size of the original body. */
  readonly bodyBytes: number;
  /** What is not here whole; a body that is not cannot be published again as it is. */
  readonly cut?: readonly CutPart[] | undefined;
  /** When an operator changed the body, or gave it another id. */
  readonly editedAt?: string | undefined;
  /** The id that the event had before it was given a new one. */
  readonly formerId?: EventId | undefined;
}

/** What a letter carries of a message. */
type Original = Pick<DeadLetter, "key" | "headers" | "body" | "bodyBytes" | "cut">;

/** So that a letter fits into what brokers take as one message, whatever is in it. */
const limits = { bodyBytes: 524_288, headerChars: 16_384, keyChars: 1_024, errorChars: 2_000 };

/** A letter about `message`; what is too large for one is cut, and `cut` says so. */
export function deadLetter(
  message: Pick<DeliveredMessage, "key" | "headers" | "body">,
  about: Omit<DeadLetter, "version" | keyof Original>,
): DeadLetter {
  const { bodyBytes, keyChars, errorChars } = limits;
  const headers = headersWithin(message.headers);
  const { key, body } = message;
  const cut: CutPart[] = [];
  if (body.byteLength > bodyBytes) cut.push("body");
  if (headers !== message.headers) cut.push("headers");
  if ((key?.length ?? 0) > keyChars) cut.push("key");
  if (about.error.length > errorChars) cut.push("error");
  return {
    version: 2,
    ...about,
    error: about.error.slice(0, errorChars),
    ...(key === undefined ? {} : { key: key.slice(0, keyChars) }),
    headers,
    body: Buffer.from(body.subarray(0, bodyBytes)).toString("base64"),
    bodyBytes: body.byteLength,
    ...(cut.length === 0 ? {} : { cut }),
  };
}

/** The letter as a broker stores it. */
export function deadLetterMessage(letter: DeadLetter): BrokerMessage {
  return {
    id: letter.id,
    // So that tools of the broker's own show which letter it is.
    key: letter.id,
    spread: true,
    body: new TextEncoder().encode(JSON.stringify(letter)),
    headers: { reason: letter.reason },
  };
}

/** The headers, or as many of them as fit. */
function headersWithin(headers: DeadLetter["headers"]): DeadLetter["headers"] {
  let left = limits.headerChars;
  const entries = Object.entries(headers);
  const kept = entries.filter(([name, value]) => {
    left -= name.length + value.length;
    return left >= 0;
  });
  return kept.length === entries.length ? headers : Object.fromEntries(kept);
}
