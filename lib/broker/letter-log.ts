import type { BrokerMessage, DeliveredMessage } from "./message.ts";

/** The part of a partition that is kept: its first offset, and the one behind its last. */
export interface LogRange {
  readonly start: number;
  readonly end: number;
}

/** A message of a log. */
export interface LogMessage extends DeliveredMessage {
  readonly offset: number;
  /** Set where the broker itself set the message aside, unread: its words for why, and its time in milliseconds. */
  readonly moved?: { readonly why: string; readonly atMs: number } | undefined;
}

/**
 * The log in which a broker keeps the dead letters of one lane: whoever reads takes nothing out of it, and what was read
 * is not counted as delivered. A log that was never written to has no partitions. The oldest messages go when
 * `deadLetterBounds` are reached.
 *
 * Every method rejects where the broker does not answer in time, and works again when it is back.
 */
export interface LetterLog extends AsyncDisposable {
  /**
   * What is kept of each partition, by its name, which a log made anew does not share with the old one; everything that
   * was confirmed before the call lies in it, or will within a second.
   */
  ranges(): Promise<ReadonlyMap<string, LogRange>>;
  /** The messages of a partition from `from` up to, not including, `to`, in their order; offsets may have none. */
  read(partition: string, from: number, to: number): AsyncIterable<readonly LogMessage[]>;
  /** Resolves once all are stored at the partition's end; rejects where that is not known. */
  append(partition: string, messages: readonly BrokerMessage[]): Promise<void>;
}
