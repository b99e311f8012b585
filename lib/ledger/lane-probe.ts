import type { LetterTally } from "../broker/dead-letters.ts";

/** What a lane's broker says of itself, for the ledger and for the lag. */
export type LaneProbe = OffsetProbe | QueueProbe;

/** A lane with offsets: its published count is exact. */
export interface OffsetProbe {
  readonly kind: "offsets";
  /** The end offset (that of the next message) of every partition, by the partition's name in the store's cursors. */
  ends(): Promise<ReadonlyMap<string, number>>;
}

/** A lane without offsets: its published count is what relays saw confirmed. */
export interface QueueProbe {
  readonly kind: "queue";
  /**
   * The queue's name.
   * @default the lane's
   */
  readonly queue?: string;
  /** How many messages wait. */
  depth(): Promise<number>;
  /** What the relays counted since they started; undefined where that is not known. */
  published(): Promise<QueuePublished | undefined>;
  /** What the broker set aside by itself, and what was published again: neither stores nor relays count it. */
  letters?(): Promise<Pick<LetterTally, "moved" | "redriven">>;
}

/** A relay's counts of a lane, since it started. */
export interface QueuePublished {
  readonly confirmed: number;
  /** How many may have been stored without a confirm. */
  readonly unconfirmed: number;
}
