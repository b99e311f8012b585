import { KafkaJSError, KafkaJSProtocolError, Partitioners, type Producer } from "kafkajs";
import { notStored } from "../batch-slot.ts";
import type { BrokerMessage } from "../message.ts";
import type { PublishResult } from "../publisher.ts";
import { toError } from "../tell-changes.ts";
import { type KafkaConnection, kafkaClient } from "./kafka-connection.ts";
import { toKafka } from "./to-kafka.ts";

/** A connected producer. */
export interface ProducerLink {
  /** Sends to one partition; rejects where it is not known whether all of it was stored. */
  send(partition: number, messages: readonly BrokerMessage[]): Promise<readonly PublishResult[]>;
  /** Rejects when the producer had better be made anew. */
  readonly lost: Promise<never>;
  disconnect(): Promise<void>;
}

/** The broker's time for gathering its replicas' confirmations, below the client's own limit on a request. */
const replicasTimeoutMs = 4_000;
const metadataMaxAgeMs = 60_000;
/** Failures in a row after which a producer is made anew: its idea of the cluster is not to be trusted any more. */
const failuresMax = 5;
const stored: PublishResult = { stored: true };

/** The errors that wrap each other, outermost first; ten at most. */
function causes(error: unknown): Error[] {
  const found: Error[] = [];
  for (let each = error; each instanceof Error && found.length < 10; each = each.cause) {
    found.push(each);
  }
  return found;
}

const isTooLarge = (error: unknown) =>
  causes(error).some(
    (each) =>
      each instanceof KafkaJSProtocolError &&
      ["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"].includes(each.type),
  );

/** True where the same producer may well succeed next time. A request that timed out tells of a leader gone silent. */
function isPassing(error: unknown): boolean {
  const root = causes(error).at(-1);
  const again = root instanceof KafkaJSError && root.retriable;
  const type = root instanceof KafkaJSProtocolError ? root.type : root?.name;
  return again && type !== "UNKNOWN_TOPIC_OR_PARTITION" && type !== "KafkaJSRequestTimeoutError";
}

async function sendOnce(
  producer: Producer,
  topic: string,
  partition: number,
  messages: readonly BrokerMessage[],
): Promise<void> {
  const answers = await producer.send({
    topic,
    acks: -1,
    timeout: replicasTimeoutMs,
    messages: messages.map((message) => toKafka(message, partition)),
  });
  // kafkajs may resolve without having asked the partition's leader (tulios/kafkajs#1303).
  if (answers.some((answer) => answer.partition === partition && answer.errorCode === 0)) return;
  throw new Error(`Cannot trust an answer of Kafka: it leaves out partition ${partition}`);
}

/** Connects a producer for one topic. */
export async function producerLink(
  connection: KafkaConnection,
  topic: string,
): Promise<ProducerLink> {
  const producer = kafkaClient(connection).producer({
    // Never asked, since every message names its partition; without a choice kafkajs prints a warning.
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    metadataMaxAge: metadataMaxAgeMs,
  });
  await producer.connect();
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  let failures = 0;
  const send: ProducerLink["send"] = async (partition, messages) => {
    try {
      await sendOnce(producer, topic, partition, messages);
      failures = 0;
      return messages.map(() => stored);
    } catch (error) {
      if (isTooLarge(error)) return halves(partition, messages, error);
      failures += 1;
      if (failures >= failuresMax || !isPassing(error)) lost.reject(toError(error));
      throw error;
    }
  };
  /** The broker's limit on a batch may be lower than ours. */
  const halves = async (
    partition: number,
    messages: readonly BrokerMessage[],
    error: unknown,
  ): Promise<readonly PublishResult[]> => {
    if (messages.length === 1) {
      return [notStored("invalid", "the broker says that it is too large", error)];
    }
    const middle = Math.ceil(messages.length / 2);
    const first = await send(partition, messages.slice(0, middle));
    const rest = messages.slice(middle);
    const second = await send(partition, rest).catch((thrown) =>
      rest.map(() => notStored("unavailable", toError(thrown).message, thrown)),
    );
    return [...first, ...second];
  };
  return {
    send,
    lost: lost.promise,
    disconnect: () => producer.disconnect(),
  };
}
