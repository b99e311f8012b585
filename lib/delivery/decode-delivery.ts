import type { DeliveredMessage } from "../broker/message.ts";
import type { Delivery } from "../broker/subscriber.ts";
import { type EventId, newEventId } from "../event/event-id.ts";
import { fingerprint } from "../event/fingerprint.ts";
import { positionalId } from "../event/positional-id.ts";
import type { AnyPipeline } from "../pipeline/pipeline.ts";
import type { FoldEvent } from "../store/store.ts";

/** A delivered message as a store takes it; `error` says why it could not be decoded. */
export interface Decoded {
  readonly message: DeliveredMessage;
  readonly event: FoldEvent;
  readonly error: string | undefined;
  /** When the delivery came that it is tried in, in milliseconds. */
  readonly seenAtMs: number;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Decodes every message of a delivery; one that cannot be decoded is marked, never dropped. */
export function decodeDelivery(pipeline: AnyPipeline, delivery: Delivery): readonly Decoded[] {
  const seenAtMs = Date.now();
  return delivery.messages.map((message) => {
    const id = identify(message, delivery.range?.partition);
    try {
      const payload = pipeline.broker.decode(JSON.parse(utf8.decode(message.body)));
      const event = { id, message: payload };
      return {
        message,
        event: {
          id,
          fingerprint: fingerprint(pipeline.message, payload),
          offset: message.offset,
          operations: pipeline.fold(event),
          record: pipeline.log?.record(event),
          setAside: undefined,
        },
        error: undefined,
        seenAtMs,
      };
    } catch (error) {
      return {
        message,
        event: {
          id,
          fingerprint: 0,
          offset: message.offset,
          operations: [],
          record: undefined,
          setAside: "undecodable",
        },
        error: error instanceof Error ? error.message : String(error),
        seenAtMs,
      };
    }
  });
}

/** A message's id; a foreign one's is its position, or, on lanes without positions, new at every delivery. */
function identify(message: DeliveredMessage, partition: string | undefined): EventId {
  if (message.id !== undefined) return message.id;
  const atMs = message.timestampMs ?? Date.now();
  return partition === undefined || message.offset === undefined
    ? newEventId(atMs)
    : positionalId(partition, message.offset, atMs);
}
