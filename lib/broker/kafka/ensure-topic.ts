import { KafkaJSAggregateError, KafkaJSProtocolError } from "kafkajs";
import { pause } from "../../pause.ts";
import { describeTopic, type TopicDescription } from "./describe-topic.ts";
import { type KafkaConnection, kafkaClient } from "./kafka-connection.ts";

/** What a topic shall look like where it does not exist yet. */
export interface TopicSpec {
  /** @default 3 */
  readonly partitions?: number | undefined;
  /** How long messages are kept, in milliseconds. @default the broker's own */
  readonly retentionMs?: number | undefined;
  /** What a partition holds; the oldest messages go beyond it, a segment of a sixteenth at a time. @default the broker's own */
  readonly retentionBytes?: number | undefined;
  /** Copies of each message. @default 3, or as many as there are brokers */
  readonly replication?: number | undefined;
}

const visibleTimeoutMs = 5_000;
const askEveryMs = 50;

/** Refusals that leave it to somebody else to create the topic. */
const left = ["TOPIC_ALREADY_EXISTS", "TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED"];

function isLeftToOthers(error: unknown): boolean {
  const errors = error instanceof KafkaJSAggregateError ? error.errors : [error];
  return errors.every(
    (each) => each instanceof KafkaJSProtocolError && left.includes(String(each.type)),
  );
}

const segmentsMax = 16;
/** What Kafka takes as a segment at least. */
const segmentBytesMin = 1_048_576;

function retentionOf({ retentionMs, retentionBytes }: TopicSpec) {
  const bytes = retentionBytes ?? 0;
  const settings = {
    "retention.ms": retentionMs,
    "retention.bytes": retentionBytes,
    // Only whole segments go.
    "segment.bytes": bytes && Math.max(segmentBytesMin, Math.floor(bytes / segmentsMax)),
  };
  return Object.entries(settings).flatMap(([name, value]) =>
    value ? [{ name, value: `${value}` }] : [],
  );
}

async function createTopic(connection: KafkaConnection, topic: string, spec: TopicSpec) {
  const admin = kafkaClient(connection).admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    const { partitions = 3, replication = Math.min(3, brokers.length) } = spec;
    const configEntries = retentionOf(spec);
    await admin.createTopics({
      waitForLeaders: false,
      topics: [{ topic, numPartitions: partitions, replicationFactor: replication, configEntries }],
    });
  } catch (error) {
    if (!isLeftToOthers(error)) throw error;
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

/**
 * Describes a topic; creates it first where it does not exist and we may. `spec` false: never creates.
 *
 * @throws Error when no broker answers, or the topic is not there five seconds later.
 */
export async function ensureTopic(
  connection: KafkaConnection,
  topic: string,
  spec: TopicSpec | false = {},
): Promise<TopicDescription> {
  const found = await describeTopic(connection, topic);
  if (found) return found;
  if (spec) await createTopic(connection, topic, spec);
  const limitMs = Date.now() + (spec ? visibleTimeoutMs : 0);
  do {
    const created = await describeTopic(connection, topic);
    if (created && created.partitions > 0) return created;
    await pause(askEveryMs);
  } while (Date.now() < limitMs);
  throw new Error(
    `Cannot use topic ${topic}: it does not exist: current brokers are ${connection.brokers}`,
  );
}
