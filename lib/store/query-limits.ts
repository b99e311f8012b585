import type { StoreQuery } from "./store.ts";

/** How many entries of a stream or list are read where the query sets no limit. */
export const entriesDefault = 1_000;

/** The most ids that one query asks for. */
export const idsAskedMax = 1_000;

/**
 * Tells programming errors of a query.
 *
 * @throws Error naming what is wrong.
 */
export function checkQuery({ keys = [], ids = [] }: StoreQuery): void {
  if (ids.length > idsAskedMax) {
    throw new Error(
      `Cannot read: more than ${idsAskedMax} ids are asked for: current value is ${ids.length}`,
    );
  }
  for (const { key, limit = entriesDefault } of keys) {
    if (Number.isSafeInteger(limit) && limit > 0) continue;
    throw new Error(
      `Cannot read ${key}: limit must be a whole number above 0: current value is ${limit}`,
    );
  }
}
