import type { Log } from "../log.ts";

/** How long a kind of fault is counted in silence after a line about it, in milliseconds. */
const quietMs = 1_000;

/** Hears of a fault; `kind` is one of a handful of words. */
export type FaultLog = (kind: string, error: unknown) => void;

/**
 * Writes faults that come with every event while something is down: a line for the first of each kind, then at most one
 * a second, which says how many there were since.
 */
export function faultLog(log: Log, clock: () => number = Date.now): FaultLog {
  const kinds = new Map<string, { quietUntilMs: number; count: number }>();
  return (kind, error) => {
    const seen = kinds.get(kind) ?? { quietUntilMs: 0, count: 0 };
    seen.count += 1;
    kinds.set(kind, seen);
    if (clock() < seen.quietUntilMs) return;
    log.warn("fault at the door", { kind, count: seen.count, error });
    seen.quietUntilMs = clock() + quietMs;
    seen.count = 0;
  };
}
