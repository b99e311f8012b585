import type { EventId } from "../event/event-id.ts";
import { parseEventId } from "../event/event-id.ts";
import type { Settlement } from "./dead-letters.ts";
import type { BrokerMessage, DeliveredMessage } from "./message.ts";

/** The headers by which a message of a log says that letters before it are settled. */
const names = { as: "settled-as", id: "settled-id", to: "settled-to" } as const;

/** What a message says of letters before it in its partition. */
export interface LetterMark {
  readonly as: Settlement["as"];
  readonly id: EventId;
  /** The offset of the last copy that is settled. */
  readonly to: number;
}

/**
 * The message that settles the copies of a letter up to `to` in one partition. What replaces a letter is the mark itself:
 * one message, so that no crash can part them.
 */
export function markMessage(settlement: Settlement, to: number): BrokerMessage {
  const { letter, as } = settlement;
  const headers = { [names.as]: as, [names.id]: letter.id, [names.to]: `${to}` };
  if (settlement.as === "replaced") {
    const { by } = settlement;
    return { ...by, headers: { ...by.headers, ...headers } };
  }
  const body = { settled: as, id: letter.id, to, at: new Date().toISOString() };
  return {
    id: letter.id,
    key: letter.id,
    spread: true,
    body: Buffer.from(JSON.stringify(body)),
    headers,
  };
}

/** Reads a mark; undefined where the message is none. */
export function markOf({ headers }: DeliveredMessage): LetterMark | undefined {
  const as = headers[names.as];
  if (as !== "redriven" && as !== "dropped" && as !== "replaced") return undefined;
  const id = parseEventId(headers[names.id] ?? "");
  const to = Number(headers[names.to]);
  return id === undefined || !Number.isSafeInteger(to) ? undefined : { as, id, to };
}
