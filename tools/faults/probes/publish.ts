import { kafkaPublisher } from "../../../lib/broker/kafka/kafka-publisher.ts";
import type { BrokerMessage } from "../../../lib/broker/message.ts";
import { rabbitPublisher } from "../../../lib/broker/rabbit/rabbit-publisher.ts";
import { jsonDecoder } from "../../../lib/door/decode-json.ts";
import { newEventId, parseEventId } from "../../../lib/event/event-id.ts";
import type { Lane, Policy } from "../../../lib/pipeline/station.ts";
import type { LedgerEntry } from "../instrument/client-ledger.ts";
import type { Rig } from "../rig.ts";

const deadlineMs = 10_000;

/** The lanes that take part under a policy. */
export function lanesOf(target: Policy): readonly Lane[] {
  return target === "kafka" || target === "rabbit" ? [target] : ["kafka", "rabbit"];
}

/** Publishes past our relays, as a foreign producer or a broken one would; all of it in one call. */
export async function publishTo(
  { system, spec }: Rig,
  lane: Lane,
  messages: readonly BrokerMessage[],
): Promise<void> {
  const { kafka: brokers, rabbit: url } = system.urls;
  const { topic, queue } = spec.pipeline.broker;
  await using publisher =
    lane === "kafka" ? kafkaPublisher({ brokers, topic }) : rabbitPublisher({ url, queue });
  const results = await publisher.publish(messages, { deadlineAtMs: Date.now() + deadlineMs });
  const failed = results.find(({ stored }) => !stored);
  if (failed?.stored === false) throw failed.error;
}

/** An event that was sent as it stands on the brokers. */
export function onBroker(
  { spec }: Rig,
  { id, body }: Pick<LedgerEntry, "id" | "body">,
): BrokerMessage {
  const { pipeline } = spec;
  const decoded = jsonDecoder(pipeline.message)(Buffer.from(body));
  if (decoded.kind !== "message") throw new Error(`Cannot copy an event: current body is ${body}`);
  return {
    id: parseEventId(id) ?? newEventId(),
    key: pipeline.broker.key?.(decoded.message),
    spread: pipeline.broker.spread,
    body: Buffer.from(JSON.stringify(pipeline.broker.encode(decoded.message))),
    headers: {},
  };
}
