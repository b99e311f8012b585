import type { DeliveredMessage } from "../../lib/broker/message.ts";
import type { DeadLetter } from "../../lib/delivery/dead-letter.ts";

/** A dead letter as the API shows it. */
export interface Letter {
  readonly lane: string;
  readonly id: string;
  readonly reason: string;
  readonly error: string;
  readonly attempts: number;
  /** ISO 8601; empty where it is not known. */
  readonly at: string;
  /** The original body as text, cut. */
  readonly body: string;
}

const charsMax = 2_000;
/** No character has more bytes. */
const bytesMax = charsMax * 4;

const utf8 = new TextDecoder();

/** Reads a letter; a message that somebody else put among them is shown as it is. */
export function letterOf(lane: string, message: DeliveredMessage): Letter {
  const letter = ours(message);
  const at = new Date(message.timestampMs ?? Number.NaN);
  if (letter === undefined) {
    return {
      lane,
      id: message.id ?? "",
      reason: message.headers.reason ?? "unknown",
      error: "it is no letter of ours",
      attempts: 0,
      at: Number.isNaN(at.getTime()) ? "" : at.toISOString(),
      body: shown(message.body),
    };
  }
  const { id, reason, error, attempts } = letter;
  const body = shown(Buffer.from(letter.body.slice(0, bytesMax * 2), "base64"));
  return { lane, id, reason, error, attempts, at: letter.at, body };
}

function shown(body: Uint8Array): string {
  return utf8.decode(body.subarray(0, bytesMax)).slice(0, charsMax);
}

/** The envelope that our consumers put around a message. */
function ours({ body }: DeliveredMessage): DeadLetter | undefined {
  try {
    const letter: Partial<Record<keyof DeadLetter, unknown>> = JSON.parse(utf8.decode(body));
    const { id, reason, error, at, attempts } = letter;
    const texts = [id, reason, error, at, letter.body].every((each) => typeof each === "string");
    return texts && typeof attempts === "number" ? (letter as DeadLetter) : undefined;
  } catch {
    return undefined;
  }
}
