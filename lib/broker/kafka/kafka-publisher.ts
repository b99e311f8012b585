import { silentLog } from "../../log.ts";
import { aborted, within } from "../../pause.ts";
import { type BatchQueue, batchQueue, type QueueLimits } from "../batch-queue.ts";
import type { BrokerMessage } from "../message.ts";
import { messageBytes } from "../message-bytes.ts";
import type { Publisher } from "../publisher.ts";
import { type Session, type Supervisor, supervise } from "../supervise.ts";
import { describeTopic } from "./describe-topic.ts";
import { ensureTopic, type TopicSpec } from "./ensure-topic.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { partitionOf } from "./partition-of.ts";
import { type ProducerLink, producerLink } from "./producer-link.ts";

/** What a Kafka publisher is told. */
export interface KafkaPublisherOptions extends KafkaConnection {
  readonly topic: string;
  /** What the topic shall look like where it does not exist yet; false: it is never created. */
  readonly create?: TopicSpec | false | undefined;
  /** `queueMax` counts over all partitions. */
  readonly limits?: QueueLimits | undefined;
  /** How often the number of partitions is read again. @default 60000 */
  readonly refreshMs?: number | undefined;
}

interface State {
  readonly options: KafkaPublisherOptions;
  link: ProducerLink | undefined;
  /** Kept over reconnects, so that order is, too. */
  partitions: number | undefined;
  fault: Error | undefined;
  supervisor: Supervisor | undefined;
  closed: boolean;
}

const reconnectMaxMs = 1_000;
const disconnectTimeoutMs = 1_000;

async function refresh(state: State, queue: BatchQueue<BrokerMessage>): Promise<void> {
  const topic = await describeTopic(state.options, state.options.topic).catch(() => undefined);
  if (topic && topic.partitions > 0) state.partitions = topic.partitions;
  queue.retry();
}

/** One producer's life. */
async function produce(state: State, queue: BatchQueue<BrokerMessage>, { signal, up }: Session) {
  const { options } = state;
  const topic = await ensureTopic(options, options.topic, options.create);
  const link = await producerLink(options, options.topic);
  state.partitions = topic.partitions;
  state.link = link;
  state.fault = undefined;
  up();
  queue.retry();
  const refreshing = setInterval(() => void refresh(state, queue), options.refreshMs ?? 60_000);
  try {
    await Promise.race([link.lost, aborted(signal)]);
  } finally {
    clearInterval(refreshing);
    state.link = undefined;
    // It waits for requests whose answers nobody needs any more.
    await within("disconnect", disconnectTimeoutMs, link.disconnect()).catch(() => {});
  }
}

function start(state: State, queue: BatchQueue<BrokerMessage>): void {
  const { log = silentLog, topic } = state.options;
  if (state.closed) return;
  state.supervisor ??= supervise({
    run: (session) => produce(state, queue, session),
    pauseMaxMs: reconnectMaxMs,
    onFault(error) {
      log.warn("Kafka cannot be reached, trying again", { topic, error });
      state.fault = error;
    },
  });
}

/**
 * Publishes to one topic, which is created where it does not exist.
 *
 * Every partition has a queue of its own with one request in flight, confirmed by all replicas in sync (acks -1): a
 * request that spans partitions can lose confirmed messages when a leader dies. Connects at the first use.
 */
export function kafkaPublisher(options: KafkaPublisherOptions): Publisher<BrokerMessage> {
  const state: State = {
    ...{ options, link: undefined, partitions: undefined, fault: undefined, supervisor: undefined },
    closed: false,
  };
  const queue: BatchQueue<BrokerMessage> = batchQueue<BrokerMessage>({
    slotOf: (message) =>
      state.partitions === undefined ? undefined : partitionOf(message, state.partitions),
    async send(partition, messages) {
      if (!state.link) throw state.fault ?? new Error("Cannot reach Kafka: not connected yet");
      return await state.link.send(partition, messages);
    },
    bytesOf: messageBytes,
    fault: () => (state.link ? undefined : state.fault),
    limits: options.limits,
  });
  return {
    publish(messages, publishOptions) {
      start(state, queue);
      return queue.publish(messages, publishOptions);
    },
    async ready() {
      start(state, queue);
      if (!state.link) return false;
      const topic = await describeTopic(options, options.topic).catch(() => undefined);
      return topic !== undefined && state.link !== undefined;
    },
    async [Symbol.asyncDispose]() {
      state.closed = true;
      await queue.close();
      await state.supervisor?.stop();
    },
  };
}
