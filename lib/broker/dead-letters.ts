import type { EventId } from "../event/event-id.ts";
import type { LogMessage } from "./letter-log.ts";
import type { BrokerMessage } from "./message.ts";

/** A dead letter that waits to be dealt with. */
export interface WaitingLetter {
  /** The message's id; one that has none is named by its position, for ever. */
  readonly id: EventId;
  /** The newest copy of it. */
  readonly message: LogMessage;
  /** Where its copies stand, the newest first: one in each partition that has any. */
  readonly copies: readonly { readonly partition: string; readonly offset: number }[];
}

/** Which letters to read. */
export interface LetterQuery {
  /** By when they were set aside. */
  readonly first: "oldest" | "newest";
  /** Only these. @default all */
  readonly ids?: ReadonlySet<EventId> | undefined;
}

/**
 * What became of a letter: its message was published again (`redriven`), shall have no effect (`dropped`), or another
 * letter stands in its place (`replaced`), under the same id or another one.
 */
export type Settlement =
  | { readonly letter: WaitingLetter; readonly as: "redriven" | "dropped" }
  | { readonly letter: WaitingLetter; readonly as: "replaced"; readonly by: BrokerMessage };

/** Counts of a lane's dead letters, as far back as their log reaches. */
export interface LetterTally {
  /** Letters that nobody has dealt with. */
  readonly waiting: number;
  /** Messages that the broker itself set aside, dealt with or not: no store has counted them. */
  readonly moved: number;
  /** Letters that were published again: no relay has counted those. */
  readonly redriven: number;
}

/**
 * What a lane has set aside, and what became of it.
 *
 * Looking changes nothing: nothing is taken, moved or counted as delivered, however often it is done. A letter that was
 * set aside several times under one id is there once, as its newest copy. A lane that never set anything aside has none.
 *
 * A letter that was settled is not read or counted any more, by anybody and after any restart; only what was there when
 * it was read is settled: the same id set aside once more meanwhile waits again. A process that dies while it settles
 * leaves each letter either settled or as it was, a replaced one included.
 *
 * All methods reject where the broker does not answer in time.
 */
export interface DeadLetters extends AsyncDisposable {
  tally(): Promise<LetterTally>;
  /** The letters that wait now; what is settled on the way is still read. A few hundred are in memory at once. */
  read(query: LetterQuery): AsyncIterable<WaitingLetter>;
  /** Resolves once it is stored what became of all of them. */
  settle(settlements: readonly Settlement[]): Promise<void>;
}
