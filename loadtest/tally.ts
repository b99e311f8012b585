import type { LoadEvent } from "./mixes/mix.ts";
import type { Failure } from "./post.ts";
import type { Outcome } from "./send.ts";

/** Failures of one kind. */
export interface FailureCount extends Failure {
  readonly count: number;
}

/** What a run's outcomes add up to. */
export interface Tally {
  add(event: LoadEvent, outcome: Outcome): void;
  readonly sent: number;
  /** The ids of acknowledged events. */
  readonly ids: readonly string[];
  /** What the acknowledged events add to the state. */
  readonly expected: ReadonlyMap<string, number>;
  readonly repeated: number;
  readonly unknown: number;
  /** By kind, each with the first detail, the most frequent first; kinds beyond a hundred count as `other`. */
  readonly failures: readonly FailureCount[];
  /** In milliseconds, rising. */
  readonly latenciesMs: readonly number[];
}

const kindsMax = 100;

/** Adds up outcomes. */
export function tally(): Tally {
  const ids: string[] = [];
  const expected = new Map<string, number>();
  const kinds = new Map<string, { detail: string; count: number }>();
  const latenciesMs: number[] = [];
  let repeated = 0;
  let unknown = 0;
  const addFailure = ({ kind, detail }: Failure) => {
    const name = kinds.has(kind) || kinds.size < kindsMax ? kind : "other";
    const known = kinds.get(name) ?? { detail, count: 0 };
    kinds.set(name, { ...known, count: known.count + 1 });
  };
  return {
    add: (event, outcome) => {
      latenciesMs.push(outcome.tookMs);
      if (outcome.attempts > 1) repeated += 1;
      if (outcome.unknown) unknown += 1;
      if (outcome.failure !== undefined) addFailure(outcome.failure);
      if (outcome.acknowledged === undefined) return;
      ids.push(outcome.acknowledged);
      for (const effect of event.effects) expected.set(effect, (expected.get(effect) ?? 0) + 1);
    },
    ids,
    expected,
    get sent() {
      return latenciesMs.length;
    },
    get repeated() {
      return repeated;
    },
    get unknown() {
      return unknown;
    },
    get failures() {
      const all = [...kinds].map(([kind, rest]) => ({ kind, ...rest }));
      return all.sort((a, b) => b.count - a.count);
    },
    get latenciesMs() {
      return latenciesMs.toSorted((a, b) => a - b);
    },
  };
}
