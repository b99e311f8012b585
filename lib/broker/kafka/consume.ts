import type { Consumer, Kafka } from "kafkajs";
import { aborted, within } from "../../pause.ts";
import type { Closing } from "../closing.ts";
import type { DeliveryHandler } from "../subscriber.ts";
import type { SubscriberSettings } from "../subscriber-options.ts";
import type { Session } from "../supervise.ts";
import { tellChanges } from "../tell-changes.ts";
import { ensureTopic, type TopicSpec } from "./ensure-topic.ts";
import { onBatch } from "./feed.ts";
import { type KafkaConnection, kafkaClient } from "./kafka-connection.ts";
import { align, type Membership } from "./membership.ts";
import { noteEmpty } from "./partition.ts";
import { resync } from "./resync.ts";

/** Which group reads which topic. */
export interface GroupOptions extends KafkaConnection {
  readonly topic: string;
  readonly group: string;
  /** What the topic shall look like where it does not exist yet; false: it is never created. */
  readonly create?: TopicSpec | false | undefined;
  /** After which a dead consumer's partitions go to another; brokers allow no less than the default. @default 6000 */
  readonly sessionTimeoutMs?: number | undefined;
}

/** A subscription, and the consumer that serves it now. */
export interface Consuming {
  readonly options: GroupOptions;
  readonly handler: DeliveryHandler;
  readonly settings: SubscriberSettings;
  readonly closing: Closing;
  membership: Membership | undefined;
}

const clientRetries = 2;
const consumerRetries = 5;
const lifeEveryMs = 1_000;
const commitEveryMs = 1_000;
/** A consumer that fetches nothing for so long hangs. */
const fetchTimeoutMs = 30_000;
/** How long a fetch waits where there is nothing; so long may leaving the group take. */
const fetchWaitMs = 250;
const disconnectExtraMs = 3_000;
/** Partitions delivered at the same time; more of them take turns. */
const partitionsAtOnce = 8;

function newConsumer(client: Kafka, { group, sessionTimeoutMs = 6_000 }: GroupOptions): Consumer {
  return client.consumer({
    groupId: group,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: 500,
    rebalanceTimeout: 10_000,
    maxWaitTimeInMs: fetchWaitMs,
    maxBytesPerPartition: 1_048_576,
    metadataMaxAge: 30_000,
    allowAutoTopicCreation: false,
    retry: {
      retries: consumerRetries,
      initialRetryTime: 100,
      maxRetryTime: 1_000,
      // A consumer that crashed is made anew by us, whatever the reason.
      restartOnFailure: async () => false,
    },
  });
}

/** Follows what kafkajs tells; rejects when the consumer is done for. */
function watch(membership: Membership): Promise<never> {
  const { consumer, topic } = membership;
  const crashed = Promise.withResolvers<never>();
  crashed.promise.catch(() => {});
  consumer.on("consumer.crash", ({ payload }) => crashed.reject(payload.error));
  consumer.on("consumer.group_join", ({ payload }) => {
    membership.assigned = payload.memberAssignment[topic] ?? [];
    void align(membership);
  });
  consumer.on("consumer.fetch", () => {
    membership.fetchedAtMs = Date.now();
  });
  consumer.on("consumer.end_batch_process", ({ payload }) => {
    const partition = membership.partitions.get(payload.partition);
    if (payload.batchSize > 0 || payload.firstOffset === null || !partition) return;
    noteEmpty(partition, Number(payload.firstOffset), Number(payload.lastOffset) + 1);
  });
  return crashed.promise;
}

/** Commits positions for the sake of tools that show lag; nothing is ever resumed from there. */
function committer(membership: Membership): () => Promise<void> {
  const { consumer, topic } = membership;
  const committed = new Map<string, number>();
  return async () => {
    const moved = [...membership.partitions.values()]
      .map(({ number, name, position }) => ({ number, name, position }))
      .filter(({ name, position }) => committed.get(name) !== position);
    if (moved.length === 0) return;
    await consumer.commitOffsets(
      moved.map(({ number, position }) => ({ topic, partition: number, offset: `${position}` })),
    );
    for (const { name, position } of moved) committed.set(name, position);
  };
}

/** Does `work` every `everyMs`, never twice at a time, until disposed; told of what goes wrong. */
function regularly(everyMs: number, work: () => Promise<void>, failed: (error: Error) => void) {
  const faults = tellChanges(failed);
  let running = false;
  const timer = setInterval(async () => {
    if (running) return;
    running = true;
    await work().then(faults.over, faults.tell);
    running = false;
  }, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function newMembership(consuming: Consuming): Membership {
  const { options, handler, settings, closing } = consuming;
  const client = kafkaClient(options, clientRetries);
  return {
    ...{ connection: options, topic: options.topic, handler, settings, closing },
    admin: client.admin(),
    consumer: newConsumer(client, options),
    gone: new AbortController(),
    topicId: undefined,
    assigned: [],
    partitions: new Map(),
    aligned: Promise.resolve(),
    alignments: 0,
    fetchedAtMs: Date.now(),
  };
}

async function join(membership: Membership): Promise<void> {
  const { admin, consumer, topic } = membership;
  await admin.connect();
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: partitionsAtOnce,
    eachBatch: (payload) => onBatch(membership, payload),
  });
}

/** Rejects when nothing was fetched for too long, though nothing is being delivered. */
function checkLife(membership: Membership): Promise<void> {
  const busy = [...membership.partitions.values()].some((partition) => partition.busy);
  const silentMs = Date.now() - membership.fetchedAtMs;
  if (busy || silentMs < fetchTimeoutMs) return Promise.resolve();
  return Promise.reject(new Error(`Cannot go on: no fetch ended for ${silentMs} ms`));
}

/** One consumer's life: joins the group, delivers, leaves; rejects when it was not asked to end. */
export async function consume(consuming: Consuming, { signal, up }: Session): Promise<void> {
  const { options, settings, closing } = consuming;
  await ensureTopic(options, options.topic, options.create);
  const membership = newMembership(consuming);
  const { gone, admin, consumer } = membership;
  const { log, resyncMs, closeTimeoutMs } = settings;
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  const crashed = watch(membership);
  const commit = committer(membership);
  const joining = join(membership);
  try {
    using _life = regularly(lifeEveryMs, () => checkLife(membership), lost.reject);
    await Promise.race([joining, crashed, lost.promise, aborted(signal)]);
    consuming.membership = membership;
    up();
    // Lag that is shown a little too high is no fault.
    using _commits = regularly(commitEveryMs, commit, () => {});
    using _resyncs = regularly(
      resyncMs,
      () => resync(membership),
      (error) => log.warn("cannot compare with the store", { topic: options.topic, error }),
    );
    await Promise.race([crashed, lost.promise, aborted(signal)]);
  } finally {
    consuming.membership = undefined;
    if (!closing.stopping.aborted) gone.abort();
    const leave = async () => {
      await within("commit", commitEveryMs, commit()).catch(() => {});
      await consumer.disconnect();
      // One that was still joining would become a member that nobody knows of.
      await joining.catch(() => {});
      await consumer.disconnect();
      await admin.disconnect();
    };
    await within("leave the group", closeTimeoutMs + disconnectExtraMs, leave()).catch(() => {});
    gone.abort();
  }
}
