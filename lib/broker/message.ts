import type { EventId } from "../event/event-id.ts";

/** What a broker is given: an event in the pipeline's broker form. */
export interface BrokerMessage {
  readonly id: EventId;
  /**
   * Names the partition on lanes that have several: events of one key keep their order. The id names it where there is
   * no key, and where `spread` says so.
   */
  readonly key: string | undefined;
  /** Leaves the partition to the id although there is a key: for keys that are few and need no order. */
  readonly spread?: boolean | undefined;
  readonly body: Uint8Array;
  /** Further headers, text only. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a broker delivers; everything but the body may be missing on a foreign producer's message. */
export interface DeliveredMessage {
  readonly id: EventId | undefined;
  /** The key that it was published with, on lanes that have keys. */
  readonly key?: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** The broker's time of the message in milliseconds since the Unix epoch, where it keeps one. */
  readonly timestampMs: number | undefined;
  /** The position within `Delivery.range.partition`, on lanes with offsets. */
  readonly offset: number | undefined;
  /** True where the broker says that it delivered this message before. */
  readonly redelivered: boolean;
}
