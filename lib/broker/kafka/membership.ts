import type { Admin, Consumer } from "kafkajs";
import { pause } from "../../pause.ts";
import type { Closing } from "../closing.ts";
import { linkedAbort } from "../linked-abort.ts";
import type { DeliveryHandler } from "../subscriber.ts";
import type { SubscriberSettings } from "../subscriber-options.ts";
import { tellChanges } from "../tell-changes.ts";
import { describeTopic } from "./describe-topic.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { newPartition, type Partition } from "./partition.ts";

/** Our part in the group, as long as one kafkajs consumer lives. */
export interface Membership {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly admin: Admin;
  readonly consumer: Consumer;
  readonly handler: DeliveryHandler;
  readonly settings: SubscriberSettings;
  readonly closing: Closing;
  /** Aborted when the consumer is gone. */
  readonly gone: AbortController;
  topicId: string | undefined;
  /** The partitions that the group gave us. */
  assigned: readonly number[];
  /** The same, once it is known where the store stands. */
  partitions: ReadonlyMap<number, Partition>;
  /** Resolves when `partitions` is up to date. */
  aligned: Promise<void>;
  /** Counts the alignments, so that an outdated one is dropped. */
  alignments: number;
  /** Milliseconds since the Unix epoch. */
  fetchedAtMs: number;
}

/** A partition's log: its first offset, and the one after its last. */
export interface LogRange {
  readonly start: number;
  readonly end: number;
}

/** Asks the brokers where the logs begin and end. */
export async function logRanges({
  admin,
  topic,
}: Pick<Membership, "admin" | "topic">): Promise<ReadonlyMap<number, LogRange>> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return new Map(
    offsets.map(({ partition, low, high }) => [
      partition,
      { start: Number(low), end: Number(high) },
    ]),
  );
}

/** Makes kafkajs fetch from `offset` on next; what it has fetched already is stale. */
export function seek(membership: Membership, partition: Partition, offset: number): void {
  partition.position = offset;
  const { topic, consumer } = membership;
  consumer.seek({ topic, partition: partition.number, offset: String(offset) });
}

/** Where to go on: where the store stands, else at the log's start; a store ahead of the log takes its end. */
export function startOf(
  { settings }: Membership,
  name: string,
  cursor: number | undefined,
  { start, end }: LogRange,
): number {
  if (cursor === undefined) return start;
  if (cursor <= end) return cursor;
  settings.log.error("the store is ahead of the log: new messages there pass for known ones", {
    partition: name,
    cursor,
    end,
  });
  return end;
}

async function alignOnce(membership: Membership, alignment: number): Promise<void> {
  const { connection, topic, handler } = membership;
  const description = await describeTopic(connection, topic);
  if (!description) throw new Error(`Cannot align with topic ${topic}: it does not exist`);
  const named = membership.assigned.map(
    (number) => [number, `${description.id}/${number}`] as const,
  );
  const cursors = await handler.resumeFrom(named.map(([, name]) => name));
  // Read last, so that no cursor can be beyond an end for the mere reason that it is newer.
  const ranges = await logRanges(membership);
  if (membership.alignments !== alignment) return;
  const partitions = new Map<number, Partition>();
  for (const [number, name] of named) {
    const range = ranges.get(number);
    if (!range) throw new Error(`Cannot align with ${name}: the brokers do not know its offsets`);
    const position = startOf(membership, name, cursors.get(name), range);
    const partition = newPartition(number, name, position);
    partitions.set(number, partition);
    seek(membership, partition, position);
  }
  membership.topicId = description.id;
  membership.partitions = partitions;
}

async function alignUntilDone(membership: Membership, alignment: number): Promise<void> {
  const { gone, closing, settings, topic } = membership;
  using link = linkedAbort(gone.signal, closing.stopping);
  const over = link.signal;
  const faults = tellChanges((error) =>
    settings.log.warn("cannot align with the store yet", { topic, error }),
  );
  for (let failures = 0; !over.aborted && membership.alignments === alignment; failures += 1) {
    try {
      return await alignOnce(membership, alignment);
    } catch (thrown) {
      if (!over.aborted) faults.tell(thrown);
    }
    const waitMs = Math.min(settings.pauseMaxMs, settings.pauseMs * 2 ** Math.min(failures, 20));
    await pause(waitMs, over);
  }
}

/** Forgets all positions and asks the cluster and the store again, until both answered. */
export function align(membership: Membership): Promise<void> {
  membership.alignments += 1;
  membership.partitions = new Map();
  membership.aligned = alignUntilDone(membership, membership.alignments);
  return membership.aligned;
}
