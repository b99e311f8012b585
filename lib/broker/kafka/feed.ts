import type { Batch, EachBatchPayload, KafkaMessage } from "kafkajs";
import { pause } from "../../pause.ts";
import { deliver } from "../delivering.ts";
import { linkedAbort } from "../linked-abort.ts";
import type { OffsetRange } from "../subscriber.ts";
import { heartbeats } from "./heartbeats.ts";
import { align, logRanges, type Membership, seek, startOf } from "./membership.ts";
import { exclusively, isEmptyUpTo, type Partition } from "./partition.ts";
import { fromKafka } from "./to-kafka.ts";

/** What is on its way to a handler, and when it is not ours any more. */
interface Feed {
  readonly membership: Membership;
  readonly partition: Partition;
  readonly signal: AbortSignal;
  /** True when the rest of what was fetched is of no use. */
  stale(): boolean;
}

type Resolve = (offset: string) => void;

const heartbeatMs = 500;

/** Where to go on when the store claims more than was there at the time of the fetch: somebody else may be ahead. */
async function aheadOf(membership: Membership, { number, name }: Partition, cursor: number) {
  const range = (await logRanges(membership)).get(number);
  return range ? startOf(membership, name, cursor, range) : cursor;
}

/** Hands over one range and moves the position; false when it was not settled. */
export async function deliverRange(
  { membership, partition, signal, stale }: Feed,
  to: number,
  messages: readonly KafkaMessage[],
  gap: OffsetRange["gap"],
  end: number,
): Promise<boolean> {
  const { handler, settings } = membership;
  const from = partition.position;
  const range: OffsetRange = { partition: partition.name, from, to, ...(gap && { gap }) };
  const delivery = { range, messages: messages.map(fromKafka), signal };
  const settlement = await deliver(handler, delivery, { ...settings, given: stale });
  if (!settlement.settled) return false;
  const next = settlement.next ?? to;
  partition.gap = undefined;
  partition.position = next > Math.max(to, end) ? await aheadOf(membership, partition, next) : next;
  if (partition.position === from) await pause(settings.pauseMs, signal);
  return true;
}

/**
 * Settles what lies between the position and the first message that came. A gap is believed only when the broker says
 * the same again, asked from the gap's start on: what kafkajs fetches may begin elsewhere than it was told.
 */
async function bridgeGap(feed: Feed, first: number, end: number): Promise<boolean> {
  const { membership, partition } = feed;
  const { position } = partition;
  if (isEmptyUpTo(partition, first)) return true;
  if (partition.gap !== `${position}:${first}`) {
    partition.gap = `${position}:${first}`;
    seek(membership, partition, position);
    return false;
  }
  const start = (await logRanges(membership)).get(partition.number)?.start ?? position;
  if (start <= position) return true;
  return deliverRange(feed, Math.min(start, first), [], "lost", end);
}

/** Hands over the messages of a batch from the position on, slice by slice, as far as they are wanted. */
async function feedMessages(feed: Feed, batch: Batch, end: number, resolve: Resolve) {
  const { membership, partition, stale } = feed;
  const { batchMax } = membership.settings;
  for (let at = 0; at < batch.messages.length && !stale(); ) {
    const messages = batch.messages.slice(at, at + batchMax);
    at += messages.length;
    const last = at < batch.messages.length ? messages.at(-1)?.offset : batch.lastOffset();
    const to = Number(last) + 1;
    const gap = to - partition.position > messages.length ? "hole" : undefined;
    if (!(await deliverRange(feed, to, messages, gap, end))) return;
    const { position } = partition;
    if (position !== to) {
      // Forward within what was fetched, else elsewhere.
      const found = batch.messages.findIndex(({ offset }) => Number(offset) === position);
      if (position < to || found < 0) return seek(membership, partition, position);
      at = found;
    }
    resolve(String(position - 1));
  }
}

/** Hands over what was fetched, if it continues where the position is. */
async function feedBatch(feed: Feed, batch: Batch, resolve: Resolve): Promise<void> {
  const [head] = batch.messages;
  if (!head) return;
  const { membership, partition } = feed;
  const first = Number(head.offset);
  const end = Math.max(Number(batch.highWatermark), Number(batch.lastOffset()) + 1);
  if (first < partition.position) {
    // kafkajs fell back to the log's start: the topic was made anew, or its end was cut off. Nobody waits for the
    // answer here, since the group must not wait for us while we wait for the store.
    void align(membership);
  } else if (first === partition.position || (await bridgeGap(feed, first, end))) {
    await feedMessages(feed, batch, end, resolve);
  }
}

/** Takes a fetched batch to the handler, with heartbeats meanwhile; rejects when the group has to be joined again. */
export async function onBatch(membership: Membership, payload: EachBatchPayload): Promise<void> {
  const { batch, heartbeat, isRunning, isStale, resolveOffset } = payload;
  const { closing, gone } = membership;
  const leaving = () => !isRunning() && !closing.stopping.aborted;
  using beats = heartbeats(async () => {
    // kafkajs ends a consumer that crashed without a word to the handler.
    if (leaving()) throw new Error("Cannot go on: the consumer has ended");
    await heartbeat();
  }, heartbeatMs);
  using link = linkedAbort(beats.signal, gone.signal, closing.aborted);
  const { signal } = link;
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  await Promise.race([membership.aligned, aborted]);
  const partition = membership.partitions.get(batch.partition);
  const stale = () =>
    signal.aborted ||
    isStale() ||
    !isRunning() ||
    membership.partitions.get(batch.partition) !== partition;
  if (partition && !stale()) {
    const feed = { membership, partition, signal, stale };
    await exclusively(partition, () => feedBatch(feed, batch, resolveOffset));
  }
  beats.throwIfLost();
}
