import type { LetterLog, LogMessage } from "../letter-log.ts";
import type { BrokerMessage } from "../message.ts";
import { toError } from "../tell-changes.ts";
import { fetchRecords } from "./fetch-records.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { type ProducerLink, producerLink } from "./producer-link.ts";
import { fromKafka } from "./to-kafka.ts";
import { type MeasuredTopic, topicRanges } from "./topic-ranges.ts";

const appendMax = 500;

/**
 * The log of a topic of dead letters, read by offsets: no group, no commits. It connects at the first call, and again
 * after a fault.
 */
export function kafkaLetterLog(options: KafkaConnection & { readonly topic: string }): LetterLog {
  const { topic } = options;
  const measured = topicRanges(options);
  let seen: MeasuredTopic | undefined;
  let link: Promise<ProducerLink> | undefined;
  const forget = () => {
    link?.then((each) => each.disconnect()).catch(() => {});
    link = undefined;
  };
  const measure = async () => {
    seen = await measured.read();
    return seen;
  };
  return {
    async ranges() {
      const found = await measure();
      return new Map(
        [...(found?.ranges ?? [])].map(([number, range]) => [`${found?.id}/${number}`, range]),
      );
    },
    async *read(name, from, to) {
      const partition = numberOf(name);
      for (let at = from; at < to; ) {
        const leader = seen?.leaders.get(partition) ?? (await measure())?.leaders.get(partition);
        if (leader === undefined)
          throw new Error(`Cannot read ${topic}: ${partition} has no leader`);
        const read = await fetchRecords(options, { leader, topic, partition, from: at, to }).catch(
          (error: unknown) => {
            // Somebody else may lead it by now.
            seen = undefined;
            throw error;
          },
        );
        yield read.messages.map(placed);
        at = read.next;
      }
    },
    async append(name, messages) {
      try {
        link ??= producerLink(options, topic);
        await appendAll(await link, numberOf(name), messages);
      } catch (error) {
        forget();
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      forget();
      await measured[Symbol.asyncDispose]();
    },
  };
}

async function appendAll(
  link: ProducerLink,
  partition: number,
  messages: readonly BrokerMessage[],
): Promise<void> {
  for (let from = 0; from < messages.length; from += appendMax) {
    const results = await link.send(partition, messages.slice(from, from + appendMax));
    for (const result of results) if (!result.stored) throw toError(result.error);
  }
}

function placed(message: Parameters<typeof fromKafka>[0]): LogMessage {
  return { ...fromKafka(message), offset: Number(message.offset) };
}

/** The number in a partition's name, which is the topic's id and the number. */
function numberOf(name: string): number {
  return Number(name.slice(name.lastIndexOf("/") + 1));
}
