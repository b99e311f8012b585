import type { KafkaConnection } from "./kafka-connection.ts";
import { topicRanges } from "./topic-ranges.ts";

/** Reads how far a topic has come. */
export interface KafkaEnds extends AsyncDisposable {
  /**
   * The offset of the next message by partition, named as deliveries name it; empty where there is no such topic.
   * Rejects where no broker answers in time.
   */
  read(): Promise<ReadonlyMap<string, number>>;
}

/** Makes a reader of `topic`; it connects at the first read, and again after a fault. */
export function kafkaEnds(options: KafkaConnection & { readonly topic: string }): KafkaEnds {
  const measured = topicRanges(options);
  return {
    async read() {
      const topic = await measured.read();
      return new Map(
        [...(topic?.ranges ?? [])].map(([number, { end }]) => [`${topic?.id}/${number}`, end]),
      );
    },
    [Symbol.asyncDispose]: () => measured[Symbol.asyncDispose](),
  };
}
