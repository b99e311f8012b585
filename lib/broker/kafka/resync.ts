import { linkedAbort } from "../linked-abort.ts";
import { describeTopic } from "./describe-topic.ts";
import { deliverRange } from "./feed.ts";
import { align, type LogRange, logRanges, type Membership, seek, startOf } from "./membership.ts";
import { exclusively, type Partition } from "./partition.ts";

/** Moves one idle partition to where the store stands now. */
async function resyncPartition(
  membership: Membership,
  partition: Partition,
  cursor: number | undefined,
  log: LogRange,
): Promise<void> {
  const wanted = startOf(membership, partition.name, cursor, log);
  if (wanted !== partition.position) seek(membership, partition, wanted);
  const { closing, gone } = membership;
  using link = linkedAbort(gone.signal, closing.aborted);
  const stale = () =>
    closing.stopping.aborted || membership.partitions.get(partition.number) !== partition;
  const feed = { membership, partition, signal: link.signal, stale };
  const settle = async (to: number, gap: "lost" | "hole") => {
    await deliverRange(feed, to, [], gap, log.end);
    seek(membership, partition, partition.position);
  };
  if (partition.position < log.start) await settle(log.start, "lost");
  const { empty } = partition;
  // Markers and aborted messages at the log's end reach no handler, but its cursor shall pass them.
  if (empty && empty.from <= partition.position && empty.to > partition.position) {
    await settle(empty.to, "hole");
  }
}

/**
 * Compares with the cluster and the store: notices a topic made anew, a store that went back, messages lost before
 * they were read. A partition that is being delivered is left alone: its handler's answer tells the same.
 */
export async function resync(membership: Membership): Promise<void> {
  const { connection, topic, handler, partitions } = membership;
  if (partitions.size === 0) return;
  const description = await describeTopic(connection, topic);
  if (!description) return;
  if (description.id !== membership.topicId) return align(membership);
  const idle = [...partitions.values()].filter(({ busy }) => !busy);
  const before = new Map(idle.map((partition) => [partition, partition.position]));
  const cursors = await handler.resumeFrom(idle.map(({ name }) => name));
  // Read last, so that no cursor can be beyond an end for the mere reason that it is newer.
  const logs = await logRanges(membership);
  for (const partition of idle) {
    const log = logs.get(partition.number);
    if (!log || partition.busy) continue;
    await exclusively(partition, async () => {
      const moved = before.get(partition) !== partition.position;
      if (moved || membership.partitions !== partitions) return;
      await resyncPartition(membership, partition, cursors.get(partition.name), log);
    });
  }
}
