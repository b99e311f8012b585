import { type Fields, numberOf } from "./read-state.ts";

/** How many labels a distribution shows; the others are summed up. */
const labelsMax = 12;

/** A label's count and what part of the whole that is, from 0 to 1. */
export interface Counted {
  readonly label: string;
  readonly count: number;
  readonly share: number;
}

/** A distribution: the largest counts, and the sum of all others. */
export interface TopCounts {
  readonly total: number;
  readonly top: readonly Counted[];
  readonly rest:
    | { readonly labels: number; readonly count: number; readonly share: number }
    | undefined;
}

/** The twelve largest counts of a hash, largest first; fields that are no counts are left out. */
export function topCounts(hash: Fields): TopCounts {
  const counts = Object.entries(hash).flatMap(([label, text]) => {
    const count = numberOf(text);
    return count === undefined || count <= 0 ? [] : [{ label, count }];
  });
  counts.sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
  const sum = (some: typeof counts) => some.reduce((all, { count }) => all + count, 0);
  const total = sum(counts);
  const [shown, others] = [counts.slice(0, labelsMax), counts.slice(labelsMax)];
  const left = sum(others);
  return {
    total,
    top: shown.map(({ label, count }) => ({ label, count, share: count / total })),
    rest:
      others.length === 0 ? undefined : { labels: others.length, count: left, share: left / total },
  };
}
