import { within } from "../../pause.ts";
import { type DeadLetterReader, eachOnce } from "../dead-letter-reader.ts";
import { fetchRecords } from "./fetch-records.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { fromKafka } from "./to-kafka.ts";
import { type MeasuredTopic, topicRanges } from "./topic-ranges.ts";

const readTimeoutMs = 5_000;

/**
 * Reads the last records of a topic of dead letters, all partitions, by their offsets: no group, no commits.
 *
 * Kafka knows no letters that were dealt with: `waiting` counts those that the topic still keeps. It connects at the
 * first read, and again after a fault.
 */
export function kafkaDeadLetters(
  options: KafkaConnection & { readonly topic: string },
): DeadLetterReader {
  const measured = topicRanges(options);
  return {
    async newest(limit) {
      const topic = await measured.read();
      if (topic === undefined) return [];
      const read = lastOf(options, topic, limit);
      return eachOnce(await within("read a topic's last records", readTimeoutMs, read), limit);
    },
    async waiting() {
      const ranges = (await measured.read())?.ranges.values() ?? [];
      return [...ranges].reduce((sum, { start, end }) => sum + end - start, 0);
    },
    [Symbol.asyncDispose]: () => measured[Symbol.asyncDispose](),
  };
}

/** The last `limit` records of each partition, the newest of all first; one after the other, to open few connections. */
async function lastOf(
  options: KafkaConnection & { readonly topic: string },
  { ranges, leaders }: MeasuredTopic,
  limit: number,
) {
  const messages = [];
  for (const [partition, { start, end }] of ranges) {
    const leader = leaders.get(partition);
    if (leader === undefined || end === start) continue;
    const from = Math.max(start, end - limit);
    const { topic } = options;
    messages.push(...(await fetchRecords(options, { leader, topic, partition, from, to: end })));
  }
  return messages
    .sort(
      (a, b) => Number(b.timestamp) - Number(a.timestamp) || Number(b.offset) - Number(a.offset),
    )
    .map(fromKafka);
}
