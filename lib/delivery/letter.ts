import type { LogMessage } from "../broker/letter-log.ts";
import { type EventId, parseEventId } from "../event/event-id.ts";
import { type CutPart, cutParts, type LetterOrigin, type LetterReason } from "./dead-letter.ts";

/** Every reason that a letter may have. */
export const letterReasons: readonly LetterReason[] = [
  ...(["undecodable", "refused", "late", "conflict", "undelivered", "unknown"] as const),
];

/** A dead letter as it is dealt with, whoever wrote it. */
export interface Letter {
  readonly id: EventId;
  readonly reason: LetterReason;
  readonly error: string;
  /** 0 where the broker does not say. */
  readonly attempts: number;
  readonly origin: LetterOrigin;
  /** ISO 8601; undefined where it is not known. */
  readonly firstAt: string | undefined;
  readonly lastAt: string | undefined;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The original body, or the part of it that was kept. */
  readonly body: Uint8Array;
  readonly bodyBytes: number;
  readonly cut: readonly CutPart[];
  readonly editedAt: string | undefined;
  readonly formerId: EventId | undefined;
}

/**
 * Reads what lies in a lane's log of dead letters: our envelope of any version, a message that the broker itself moved
 * there, or a foreign one. `id` names it where it has no id, `lane` says where it lies.
 */
export function readLetter(
  message: LogMessage,
  id: EventId,
  lane: Pick<LetterOrigin, "pipeline" | "lane">,
): Letter {
  return message.moved === undefined
    ? (enveloped(message, lane) ?? foreign(message, id, lane))
    : moved(message, message.moved, id, lane);
}

const utf8 = new TextDecoder();

type Envelope = Readonly<Record<string, unknown>>;

function enveloped(
  { body }: LogMessage,
  lane: Pick<LetterOrigin, "pipeline" | "lane">,
): Letter | undefined {
  const letter = jsonOf(body);
  const id = parseEventId(textOf(letter?.id) ?? "");
  const reason = letterReasons.find((each) => each === letter?.reason);
  const encoded = textOf(letter?.body);
  const attempts = letter?.attempts;
  if (letter === undefined || id === undefined || reason === undefined) return undefined;
  if (encoded === undefined || typeof attempts !== "number") return undefined;
  const bytes = Buffer.from(encoded, "base64");
  const { bodyBytes } = letter;
  return {
    ...{ id, reason, attempts },
    error: textOf(letter.error) ?? "",
    origin: originOf(letter, lane),
    // The first version knew one time only.
    firstAt: textOf(letter.firstAt) ?? textOf(letter.at),
    lastAt: textOf(letter.lastAt) ?? textOf(letter.at),
    key: textOf(letter.key),
    headers: textsOf(letter.headers),
    body: bytes,
    bodyBytes: typeof bodyBytes === "number" ? bodyBytes : bytes.length,
    cut: cutParts.filter((part) => Array.isArray(letter.cut) && letter.cut.includes(part)),
    editedAt: textOf(letter.editedAt),
    formerId: parseEventId(textOf(letter.formerId) ?? ""),
  };
}

/** The first version had the origin's fields among its own. */
function originOf(letter: Envelope, lane: Pick<LetterOrigin, "pipeline" | "lane">): LetterOrigin {
  const origin = (letter.origin ?? letter) as Partial<LetterOrigin>;
  const { position } = origin;
  return {
    pipeline: textOf(origin.pipeline) ?? lane.pipeline,
    lane: textOf(origin.lane) ?? lane.lane,
    ...(position === undefined ? {} : { position }),
  };
}

function moved(
  message: LogMessage,
  { why, atMs }: NonNullable<LogMessage["moved"]>,
  id: EventId,
  origin: LetterOrigin,
): Letter {
  const at = isoOf(atMs);
  const error = `the broker set it aside itself: ${why.replaceAll("_", " ")}`;
  return { ...bareOf(message), id, reason: "undelivered", error, origin, firstAt: at, lastAt: at };
}

function foreign(message: LogMessage, id: EventId, origin: LetterOrigin): Letter {
  const at = isoOf(message.timestampMs);
  const error = "it is no letter of ours";
  return { ...bareOf(message), id, reason: "unknown", error, origin, firstAt: at, lastAt: at };
}

/** A message that no consumer of ours has put into an envelope. */
function bareOf({ key, headers, body }: LogMessage) {
  const none = { attempts: 0, cut: [], editedAt: undefined, formerId: undefined };
  return { ...none, key, headers, body, bodyBytes: body.byteLength };
}

function jsonOf(body: Uint8Array): Envelope | undefined {
  try {
    const json: unknown = JSON.parse(utf8.decode(body));
    return typeof json === "object" && json !== null ? (json as Envelope) : undefined;
  } catch {
    return undefined;
  }
}

/** The members of an object that are texts. */
function textsOf(value: unknown): Readonly<Record<string, string>> {
  const texts = Object.entries(value ?? {}).filter(([, each]) => typeof each === "string");
  return Object.fromEntries(texts);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The last millisecond that a date can tell (ECMAScript, section 21.4.1.1). */
const dateMaxMs = 8.64e15;

function isoOf(ms: number | undefined): string | undefined {
  return ms !== undefined && ms > 0 && ms <= dateMaxMs ? new Date(ms).toISOString() : undefined;
}
