import type { IHeaders, Message, Producer } from "kafkajs";
import { kafkaClient } from "../../../lib/broker/kafka/kafka-connection.ts";
import type { Random } from "../../../lib/store/testing/random.ts";
import { noise } from "../raw/attack.ts";
import type { LaneMessage } from "./lane-message.ts";

/** Puts messages on a lane as a foreign producer would, headers, keys and times of its own. */
export interface Feed extends AsyncDisposable {
  send(messages: readonly LaneMessage[], random: Random): Promise<void>;
}

const dayMs = 86_400_000;
const sendMs = 30_000;
const batchBytes = 800_000;
/** Headers, key and id of a message at most. */
const overheadBytes = 8_000;

/** Feeds a topic. */
export async function kafkaFeed(brokers: readonly string[], topic: string): Promise<Feed> {
  const producer: Producer = kafkaClient({ brokers: [...brokers] }).producer({
    idempotent: false,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  return {
    send: async (messages, random) => {
      for (const some of inBatches(messages)) {
        const all = some.map((message) => toKafka(message, random));
        await producer.send({ topic, acks: -1, timeout: sendMs, messages: all });
      }
    },
    [Symbol.asyncDispose]: () => producer.disconnect(),
  };
}

/** Messages that Kafka takes as one batch, which may be no larger than the largest message: 1 MiB. */
function inBatches(messages: readonly LaneMessage[]): readonly (readonly LaneMessage[])[] {
  const batches: LaneMessage[][] = [];
  let left = 0;
  for (const message of messages) {
    const bytes = message.body.length + overheadBytes;
    left -= bytes;
    if (left < 0 || batches.length === 0) {
      batches.push([]);
      left = batchBytes - bytes;
    }
    batches.at(-1)?.push(message);
  }
  return batches;
}

function toKafka({ id, body }: LaneMessage, random: Random): Message {
  const times = ["0", "1", `${Date.now()}`, `${Date.now() - dayMs}`, `${Date.now() + 60_000}`];
  return {
    key: random.chance(0.5) ? Buffer.from(noise(random, random.below(40))) : null,
    // Kafka tells a missing value from an empty one.
    value: body.length === 0 && random.chance(0.5) ? null : Buffer.from(body),
    headers: headersOf(id, random),
    ...(random.chance(0.3) ? { timestamp: random.pick(times) } : {}),
  };
}

const names = ["__proto__", "constructor", "reason", "traceparent", "", "é", "x".repeat(300)];

function headersOf(id: string | undefined, random: Random): IHeaders {
  const more = Array.from({ length: random.below(4) }, (): [string, Buffer | Buffer[]] => {
    const value = Buffer.from(noise(random, random.below(200)));
    return [random.pick(names), random.chance(0.2) ? [value, value] : value];
  });
  return Object.fromEntries([...more, ...(id === undefined ? [] : [["id", id] as const])]);
}
