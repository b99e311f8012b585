import { PublishError, type PublishErrorCode } from "./publish-error.ts";
import type { PublishResult } from "./publisher.ts";

/** One `publish` call on its way. */
export interface Call {
  readonly deadlineAtMs: number;
  readonly results: PublishResult[];
  /** How many of its events have no result yet. */
  left: number;
  /** Called when `left` reaches 0. */
  done(): void;
}

/** One event of a call. */
export interface Entry<T> {
  readonly event: T;
  readonly call: Call;
  readonly index: number;
  /** Where it waits; undefined while it is being sent. */
  slot: Slot<T> | undefined;
  /** How the last try failed. */
  error: PublishError | undefined;
  settled: boolean;
}

/** Events that are sent in order, one batch at a time. */
export interface Slot<T> {
  /** Undefined for events whose slot is not known yet: nothing is sent from there. */
  readonly number: number | undefined;
  entries: Entry<T>[];
  /** How many of `entries` are settled and only wait to be swept. */
  dead: number;
  sending: boolean;
  scheduled: boolean;
  /** Batches in a row of which something has to be sent again. */
  failures: number;
  pause: Timer | undefined;
}

/** What one batch may hold. */
export interface BatchLimits<T> {
  readonly batchMax: number;
  readonly batchBytesMax: number;
  bytesOf(event: T): number;
}

/** Makes an empty slot. */
export function newSlot<T>(number: number | undefined): Slot<T> {
  return {
    number,
    entries: [],
    dead: 0,
    sending: false,
    scheduled: false,
    failures: 0,
    pause: undefined,
  };
}

/** The result of an event that is not known to be stored. */
export function notStored(code: PublishErrorCode, why: string, cause?: unknown): PublishResult {
  const error = new PublishError(code, `Cannot publish an event: ${why}`, { cause });
  return { stored: false, error };
}

/** Gives an event its result, unless it has one. */
export function settle<T>(entry: Entry<T>, result: PublishResult): void {
  if (entry.settled) return;
  entry.settled = true;
  entry.call.results[entry.index] = result;
  entry.call.left -= 1;
  if (entry.call.left === 0) entry.call.done();
}

/** Fails an event whose deadline is there, with the best reason known: its own, that of the connection, the time. */
export function expire<T>(entry: Entry<T>, fault: Error | undefined): void {
  if (entry.error) settle(entry, { stored: false, error: entry.error });
  else if (entry.slot && fault) settle(entry, notStored("unavailable", fault.message, fault));
  else settle(entry, notStored("deadline", "it was not confirmed by its deadline"));
}

/** Forgets settled events once they are half of the slot, so that each costs its share only once. */
export function sweep<T>(slot: Slot<T>): void {
  if (slot.dead * 2 <= slot.entries.length) return;
  slot.entries = slot.entries.filter(({ settled }) => !settled);
  slot.dead = 0;
}

/** Takes the next batch out of a slot; an event whose deadline is there is left for its timer. */
export function takeBatch<T>(slot: Slot<T>, limits: BatchLimits<T>): Entry<T>[] {
  const nowMs = Date.now();
  const batch: Entry<T>[] = [];
  const late: Entry<T>[] = [];
  let bytes = 0;
  let taken = 0;
  for (const entry of slot.entries) {
    if (entry.settled) slot.dead -= 1;
    else if (entry.call.deadlineAtMs <= nowMs) late.push(entry);
    else {
      bytes += limits.bytesOf(entry.event);
      const full = batch.length === limits.batchMax || bytes > limits.batchBytesMax;
      if (full && batch.length > 0) break;
      entry.slot = undefined;
      batch.push(entry);
    }
    taken += 1;
  }
  slot.entries.splice(0, taken, ...late);
  return batch;
}
