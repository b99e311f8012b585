import type { OffsetRange } from "../broker/subscriber.ts";
import type { EventId } from "../event/event-id.ts";
import type { KeyQuery } from "../pipeline/key-query.ts";
import type { LogRecord } from "../pipeline/log-form.ts";
import type { Operation } from "../pipeline/operation.ts";

/**
 * Why an event was set aside: it could not be decoded, the store refused it, it was older than the duplicate window,
 * or its id belongs to another payload.
 */
export type AsideReason = "undecodable" | "refused" | "late" | "conflict";

/** One event as the store takes it. */
export interface FoldEvent {
  readonly id: EventId;
  /** Tells payloads apart under one id; see `fingerprint`. */
  readonly fingerprint: number;
  /** The event's offset, where the batch has a range. */
  readonly offset: number | undefined;
  /** What a store folds; logs ignore it. */
  readonly operations: readonly Operation[];
  /** What a log keeps, where the pipeline has one; stores ignore it. */
  readonly record: LogRecord | undefined;
  /** Set where the event was set aside already (its dead letter is stored): it is counted so and claims nothing. */
  readonly setAside: AsideReason | undefined;
}

/** Events to fold in one step. */
export interface FoldBatch {
  /** The lane they came by, for the ledger. */
  readonly lane: string;
  readonly range: OffsetRange | undefined;
  /** At most 500, in the lane's order; offsets rise and lie within the range. */
  readonly events: readonly FoldEvent[];
  /** How many of them the broker flagged as delivered before, for the ledger. */
  readonly redelivered: number;
  /** How many came without an id, for the ledger. */
  readonly unidentified: number;
}

/**
 * What the store decided for one event: `applied`, `duplicate` (its id had its effect already), `late` (older than
 * the duplicate window: unknown), `conflict` (its id belongs to another payload), `setAside` (as the batch said),
 * `skipped` (its offset lies behind the cursor).
 */
export type Verdict = "applied" | "duplicate" | "late" | "conflict" | "setAside" | "skipped";

/**
 * - `applied`: everything in the batch happened, the cursor and the ledger included.
 * - `behind`: the whole range lies behind the cursor; nothing to do. `ahead`: it starts after it; nothing was done.
 * - `unsettled`: events are late or in conflict and were not set aside; nothing was done. Set those aside (store their
 *   dead letters) and apply again with `setAside`.
 * - `refused`: what stands in the store cannot take these events (a key of another type, a field that is no number, an
 *   overflow); nothing was done. `events` are the indexes of the events that touch it.
 */
export type FoldResult =
  | {
      readonly status: "applied";
      readonly verdicts: readonly Verdict[];
      readonly cursor: number | undefined;
    }
  | { readonly status: "behind" | "ahead"; readonly cursor: number }
  | { readonly status: "unsettled"; readonly verdicts: readonly Verdict[] }
  | { readonly status: "refused"; readonly events: readonly number[]; readonly reason: string };

/** What a store holds for a key; undefined where there is no such key of that kind. */
export type KeyValue =
  | string
  | Readonly<Record<string, string>>
  | readonly Readonly<Record<string, string>>[]
  | readonly string[]
  | undefined;

/** A lane's counts of deliveries, all since the store began. */
export interface LaneLedger {
  readonly applied: number;
  readonly duplicate: number;
  readonly undecodable: number;
  readonly refused: number;
  readonly late: number;
  readonly conflict: number;
  /** Offsets without a message. */
  readonly hole: number;
  /** Offsets that were gone before they were read. */
  readonly lost: number;
  readonly redelivered: number;
  readonly unidentified: number;
}

/** What to read; everything is optional and bounded by what is asked: 1,000 entries where a key sets no limit. */
export interface StoreQuery {
  readonly keys?: readonly KeyQuery[];
  /** At most 1,000: which of these ids have had their effect, as far as the duplicate window reaches back. */
  readonly ids?: readonly EventId[];
}

/** The answer to a query, in its order, and always the whole ledger and all cursors. */
export interface StoreView {
  readonly keys: readonly KeyValue[];
  readonly ids: readonly boolean[];
  readonly lanes: Readonly<Record<string, LaneLedger>>;
  readonly cursors: ReadonlyMap<string, number>;
}

/**
 * Where a pipeline's events take their effect, exactly once each.
 *
 * `apply` is all or nothing and atomic: cursor, claims of ids, folds and ledger move together or not at all, also when
 * the process or the store dies half way. It answers from the store, never from memory. It rejects where the store
 * cannot be reached or has no room; then nothing is known, and the same batch may be applied again.
 *
 * Ids are claimed for ever, bounded by count: beyond `idsMax` the oldest time buckets (of 65,536 ms) are dropped whole,
 * and an id that is not newer than the newest bucket ever dropped is `late`. So an id is never counted twice. The newest
 * bucket always stays.
 */
export interface Store extends AsyncDisposable {
  apply(batch: FoldBatch): Promise<FoldResult>;
  /** The next offset by partition; a partition that was never folded has no entry. */
  cursors(partitions: readonly string[]): Promise<ReadonlyMap<string, number>>;
  read(query: StoreQuery): Promise<StoreView>;
}
