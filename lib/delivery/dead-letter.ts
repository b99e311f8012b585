import type { BrokerMessage, DeliveredMessage } from "../broker/message.ts";
import type { EventId } from "../event/event-id.ts";
import type { AsideReason } from "../store/store.ts";

/** Why and from where a message was set aside, with its original bytes: the same envelope on every broker. */
export interface DeadLetter {
  /** The event's id; a foreign message's is made of its position or is new. */
  readonly id: EventId;
  readonly reason: AsideReason;
  /** What was wrong, in a sentence. */
  readonly error: string;
  /** How often its effect was tried. */
  readonly attempts: number;
  readonly pipeline: string;
  readonly lane: string;
  /** Where it stood, on lanes with offsets. */
  readonly position: { readonly partition: string; readonly offset: number } | undefined;
  /** When it was set aside, ISO 8601. */
  readonly at: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The original body, in base64. */
  readonly body: string;
}

/** The name of the topic or queue that keeps the dead letters of `name`. */
export function deadLettersOf(name: string): string {
  return `${name}.dlq`;
}

/** The letter as a broker stores it. */
export function deadLetterMessage(letter: DeadLetter): BrokerMessage {
  return {
    id: letter.id,
    key: undefined,
    body: new TextEncoder().encode(JSON.stringify(letter)),
    headers: { reason: letter.reason },
  };
}

/** The body of a message in the form that a letter carries it. */
export function bodyOf(message: DeliveredMessage): string {
  return Buffer.from(message.body).toString("base64");
}
