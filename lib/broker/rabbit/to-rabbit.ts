import type { ConsumeMessage, Options } from "amqplib";
import { eventTimeMs, parseEventId } from "../../event/event-id.ts";
import type { LogMessage } from "../letter-log.ts";
import type { BrokerMessage, DeliveredMessage } from "../message.ts";

/** The properties with which a message is published. */
export function propertiesOf({ id, headers }: BrokerMessage): Options.Publish {
  return {
    messageId: id,
    contentType: "application/json",
    persistent: true,
    mandatory: true,
    timestamp: Math.floor(eventTimeMs(id) / 1_000),
    headers: { ...headers },
  };
}

/** The body as amqplib wants it, not copied. */
export function contentOf({ body }: BrokerMessage): Buffer {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

/** How often the broker has delivered the message before. */
export function deliveriesBefore({ properties }: ConsumeMessage): number {
  const count = properties.headers?.["x-delivery-count"];
  return typeof count === "number" ? count : 0;
}

/** Headers that RabbitMQ writes when it sets a message aside. */
const isOfDeath = (name: string) => /^x-(first|last)-death-/.test(name);

/** What RabbitMQ says of a message that it set aside itself; undefined where it did not. */
export function movedBy({ properties }: ConsumeMessage): LogMessage["moved"] {
  const death = properties.headers?.["x-death"]?.[0];
  if (death === undefined) return undefined;
  // Seconds since 1970, in a value of its own kind.
  const time: unknown = death.time;
  const seconds = typeof time === "object" && time !== null && "value" in time ? time.value : time;
  return { why: String(death.reason), atMs: typeof seconds === "number" ? seconds * 1_000 : 0 };
}

/** A message as RabbitMQ delivered it, by whomever it was published. */
export function fromRabbit({ content, fields, properties }: ConsumeMessage): DeliveredMessage {
  const { messageId, timestamp, headers = {} } = properties;
  // What the broker adds is no text, or tells of how it set a message aside.
  const texts = Object.entries(headers).filter(
    ([name, value]) => typeof value === "string" && !isOfDeath(name),
  );
  return {
    id: typeof messageId === "string" ? parseEventId(messageId) : undefined,
    body: content,
    headers: Object.fromEntries(texts),
    timestampMs: typeof timestamp === "number" ? timestamp * 1_000 : undefined,
    offset: undefined,
    redelivered: fields.redelivered,
  };
}
