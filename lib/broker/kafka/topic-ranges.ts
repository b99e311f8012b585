import type { Admin } from "kafkajs";
import { within } from "../../pause.ts";
import { describeTopic, type TopicDescription } from "./describe-topic.ts";
import { type KafkaConnection, kafkaClient } from "./kafka-connection.ts";
import { type LogRange, logRanges } from "./membership.ts";

/** A topic, and where the logs of its partitions begin and end. */
export interface MeasuredTopic extends TopicDescription {
  readonly ranges: ReadonlyMap<number, LogRange>;
}

/** Measures one topic, again and again. */
export interface TopicRanges extends AsyncDisposable {
  /** Undefined where there is no such topic. Rejects where no broker answers within five seconds. */
  read(): Promise<MeasuredTopic | undefined>;
}

const readTimeoutMs = 5_000;

async function measure(connection: KafkaConnection, topic: string, admin: Admin) {
  // First, since it creates no topic: what follows may.
  const description = await describeTopic(connection, topic);
  return description && { ...description, ranges: await logRanges({ admin, topic }) };
}

/** Makes a reader of `topic`; it connects at the first read, and again after a fault. */
export function topicRanges({
  topic,
  ...connection
}: KafkaConnection & { readonly topic: string }): TopicRanges {
  let admin: Admin | undefined;
  const forget = () => {
    admin?.disconnect().catch(() => {});
    admin = undefined;
  };
  return {
    async read() {
      try {
        admin ??= kafkaClient(connection).admin();
        // Connecting twice is harmless.
        await within("connect to Kafka", readTimeoutMs, admin.connect());
        return await within("measure a topic", readTimeoutMs, measure(connection, topic, admin));
      } catch (error) {
        forget();
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      forget();
    },
  };
}
