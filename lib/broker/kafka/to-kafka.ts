import type { IHeaders, KafkaMessage, Message } from "kafkajs";
import { parseEventId } from "../../event/event-id.ts";
import type { BrokerMessage, DeliveredMessage } from "../message.ts";

/** The header that carries an event's id, as text. */
const idHeader = "id";

/** A message as kafkajs sends it to one partition. */
export function toKafka({ id, key, body, headers }: BrokerMessage, partition: number): Message {
  const value = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return { key: key ?? null, value, partition, headers: { ...headers, [idHeader]: id } };
}

const text = (value: IHeaders[string]) => {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return last === undefined || last === null ? "" : last.toString();
};

/** A message as Kafka delivered it, by whomever it was produced. */
export function fromKafka({
  offset,
  key,
  value,
  timestamp,
  headers = {},
}: KafkaMessage): DeliveredMessage {
  const { [idHeader]: id, ...others } = headers;
  const timestampMs = Number(timestamp);
  return {
    id: id === undefined ? undefined : parseEventId(text(id)),
    ...(key !== null && { key: key.toString() }),
    body: value ?? new Uint8Array(),
    headers: Object.fromEntries(Object.entries(others).map(([name, each]) => [name, text(each)])),
    timestampMs: timestampMs >= 0 ? timestampMs : undefined,
    offset: Number(offset),
    redelivered: false,
  };
}
