import type { FoldBatch, FoldEvent } from "./store.ts";

/** The most events of one batch: a bigger one would hold the store up for others. */
export const eventsMax = 500;

/**
 * Tells programming errors, which trying again cannot mend.
 *
 * @throws Error naming what is wrong with the batch.
 */
export function checkBatch(batch: FoldBatch): void {
  const fault = sizeFault(batch) ?? rangeFault(batch) ?? gapFault(batch);
  if (fault !== undefined) throw new Error(`Cannot apply a batch of lane ${batch.lane}: ${fault}`);
}

function sizeFault({ events, redelivered, unidentified }: FoldBatch): string | undefined {
  if (events.length > eventsMax) {
    return `it has more than ${eventsMax} events: current value is ${events.length}`;
  }
  const wrong = [redelivered, unidentified].find((count) => !isCount(count));
  return wrong === undefined ? undefined : `its counts must be whole: current value is ${wrong}`;
}

function rangeFault({ range, events }: FoldBatch): string | undefined {
  if (range === undefined) return undefined;
  const { partition, from, to } = range;
  if (partition === "" || !isCount(from) || !isCount(to) || from > to) {
    return `its range must have a partition and rise: current value is "${partition}" ${from} to ${to}`;
  }
  let last = from - 1;
  for (const { offset } of events) {
    if (offset === undefined || !isCount(offset) || offset <= last || offset >= to) {
      return `its offsets must rise from ${from} to below ${to}: current value is ${offset} after ${last}`;
    }
    last = offset;
  }
  return undefined;
}

function gapFault({ range, events }: FoldBatch): string | undefined {
  if (range === undefined || range.gap !== undefined) return undefined;
  const missing = range.to - range.from - events.length;
  if (missing === 0) return undefined;
  const first = firstMissing(range.from, events);
  return `offsets are missing and no gap is declared: current value is ${missing}, from ${first} on`;
}

function firstMissing(from: number, events: readonly FoldEvent[]): number {
  const index = events.findIndex(({ offset }, i) => offset !== from + i);
  return from + (index < 0 ? events.length : index);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
