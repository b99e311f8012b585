import type { Admin } from "kafkajs";
import { within } from "../../pause.ts";
import { describeTopic } from "./describe-topic.ts";
import { type KafkaConnection, kafkaClient } from "./kafka-connection.ts";
import { logRanges } from "./membership.ts";

/** Reads how far a topic has come. */
export interface KafkaEnds extends AsyncDisposable {
  /**
   * The offset of the next message by partition, named as deliveries name it; empty where there is no such topic.
   * Rejects where no broker answers in time.
   */
  read(): Promise<ReadonlyMap<string, number>>;
}

const readTimeoutMs = 5_000;

async function readEnds(connection: KafkaConnection, topic: string, admin: Admin) {
  const description = await describeTopic(connection, topic);
  if (!description) return new Map<string, number>();
  const ranges = await logRanges({ admin, topic });
  return new Map([...ranges].map(([number, { end }]) => [`${description.id}/${number}`, end]));
}

/** Makes a reader of `topic`; it connects at the first read, and again after a fault. */
export function kafkaEnds({
  topic,
  ...connection
}: KafkaConnection & { readonly topic: string }): KafkaEnds {
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
        return await within(
          "read a topic's ends",
          readTimeoutMs,
          readEnds(connection, topic, admin),
        );
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
