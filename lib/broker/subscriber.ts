import type { DeliveredMessage } from "./message.ts";

/** The part of a partition that a delivery covers: every offset from `from` up to, not including, `to`. */
export interface OffsetRange {
  /** Names the partition for ever: the topic's id (not its name, which a recreated topic shares) and the number. */
  readonly partition: string;
  readonly from: number;
  readonly to: number;
  /**
   * Set where offsets within the range have no message: `hole` when the broker, asked for exactly those, has nothing
   * there (transaction markers, compaction), `lost` when they lie below the log's start.
   */
  readonly gap?: "hole" | "lost";
}

/** One batch of messages, in order, at most `batchMax` of them. */
export interface Delivery {
  /** Set on lanes with offsets. */
  readonly range: OffsetRange | undefined;
  readonly messages: readonly DeliveredMessage[];
  /** Aborted when the messages are no longer ours (partition revoked, connection lost, closing): stop trying. */
  readonly signal: AbortSignal;
}

/** What a subscriber needs of its consumer. */
export interface DeliveryHandler {
  /**
   * Settles a delivery: resolves once its effects are stored. The number is the offset to continue from (`range.to`,
   * or another one to seek to: the store is behind or ahead); undefined on lanes without offsets. Rejecting asks for
   * redelivery after a short pause.
   */
  handle(delivery: Delivery): Promise<number | undefined>;
  /** Where the store stands, by partition; a partition without an entry starts at its log's start. */
  resumeFrom(partitions: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/**
 * One lane's stream of messages.
 *
 * `subscribe` calls `handle` with one delivery at a time per partition (lanes without offsets: one at a time), and
 * acknowledges to the broker only what `handle` settled. On lanes with offsets the store's cursor rules: the driver
 * asks `resumeFrom` on assignment and again at least every `resyncMs`, and seeks wherever the store stands elsewhere,
 * so a store that lost its last second is rewound even without traffic. It survives the broker: gone at the start or
 * later, it tries again for ever with a bounded backoff. Holding too many unsettled messages is not possible: fetching
 * stops while `handle` is busy.
 */
export interface Subscriber {
  subscribe(handler: DeliveryHandler): Promise<Subscription>;
}

/** A running subscription. Disposing lets the delivery in hand finish (bounded), then leaves the lane. */
export interface Subscription extends AsyncDisposable {
  /** Whether messages can arrive now. */
  ready(): Promise<boolean>;
}
