/** What bounds the repeats of one client. */
export interface RepeatBudget {
  /** Hears of a first try, which earns a part of a repeat. */
  earn(): void;
  /** Takes a repeat out of the budget; false where there is none. */
  take(): boolean;
}

/** How many repeats a first try earns. */
const share = 0.1;

/** Repeats that a client has before it has earned any. */
const atFirst = 10;

/** The most that are kept: what 2,000 tries earn. */
const most = 200;

/**
 * A budget of repeats: one for ten first tries, so that what is overloaded or dead gets 1.1 times the calls at most, however
 * long it lasts. The way of gRPC's retry throttling (gRFC A6), with tokens that are earned by tries instead of successes.
 */
export function createRepeatBudget(): RepeatBudget {
  let repeats = atFirst;
  return {
    earn: () => {
      repeats = Math.min(most, repeats + share);
    },
    take: () => {
      if (repeats < 1) return false;
      repeats -= 1;
      return true;
    },
  };
}
