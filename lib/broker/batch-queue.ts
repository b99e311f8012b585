import { jittered } from "../jittered.ts";
import {
  type Call,
  type Entry,
  expire,
  newSlot,
  notStored,
  type Slot,
  settle,
  sweep,
  takeBatch,
} from "./batch-slot.ts";
import type { PublishOptions, PublishResult } from "./publisher.ts";

/** What a driver tells its queue. */
export interface BatchQueueOptions<T> {
  /**
   * Sends one batch and answers for each event, in order. Called for one batch at a time per slot. What comes back as
   * `unavailable`, or all of it when the call rejects, is sent again until its deadline; any other error is final.
   */
  send(slot: number, events: readonly T[]): Promise<readonly PublishResult[]>;
  /** Where an event queues; undefined: not known yet, so it waits for `retry`. @default one slot, 0 */
  slotOf?(event: T): number | undefined;
  /** The event's size, for the two limits on bytes. */
  bytesOf(event: T): number;
  /** Why nothing can be sent at the moment, for the error of events that could never be tried. */
  fault?(): Error | undefined;
  readonly limits?: QueueLimits | undefined;
}

/** The limits of a publisher's queue. */
export interface QueueLimits {
  /** Events held at most; what comes beyond is refused as `overloaded`. @default 10000 */
  readonly queueMax?: number;
  /** Events sent in one batch. @default 500 */
  readonly batchMax?: number;
  /** A batch ends before the event that would exceed it. @default 900000 */
  readonly batchBytesMax?: number;
  /** A larger event is refused as `invalid`. @default 900000 */
  readonly eventBytesMax?: number;
  /** The pause before a second try; it doubles up to 250 ms. @default 10 */
  readonly retryMs?: number;
}

/**
 * Turns many small publishes into few batches: the first event of a slot leaves on the next turn of the event loop,
 * what arrives while a batch is in flight makes the next one. Order is kept within a slot.
 */
export interface BatchQueue<T> {
  /** Settles as `Publisher.publish` promises, by `deadlineAtMs` at the latest; what is queued by then is not sent. */
  publish(events: readonly T[], options: PublishOptions): Promise<readonly PublishResult[]>;
  /** Tries again at once whatever waits: for its slot to be known, or for its next try. */
  retry(): void;
  /** Refuses what comes from now on and resolves when nothing is held any more. */
  close(): Promise<void>;
}

interface State<T> {
  readonly options: BatchQueueOptions<T>;
  readonly limits: Required<QueueLimits>;
  readonly slots: Map<number, Slot<T>>;
  readonly unplaced: Slot<T>;
  held: number;
  closed: PromiseWithResolvers<void> | undefined;
}

const timerMaxMs = 2 ** 31 - 1;
const retryMaxMs = 250;

function release<T>(state: State<T>, count: number): void {
  state.held -= count;
  if (state.held === 0) state.closed?.resolve();
}

function expireAll<T>(state: State<T>, entries: readonly Entry<T>[]): void {
  const fault = state.options.fault?.();
  for (const entry of entries) {
    if (entry.settled) continue;
    expire(entry, fault);
    if (!entry.slot) continue;
    entry.slot.dead += 1;
    release(state, 1);
    sweep(entry.slot);
  }
}

async function send<T>(
  { options }: State<T>,
  slot: number,
  batch: readonly Entry<T>[],
): Promise<readonly PublishResult[]> {
  try {
    const events = batch.map(({ event }) => event);
    return await options.send(slot, events);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return batch.map(() => notStored("unavailable", why, error));
  }
}

/** Settles one event of a batch that came back; true when it is to be sent again. */
function comesAgain<T>(entry: Entry<T>, result: PublishResult | undefined): boolean {
  const final = result ?? notStored("unavailable", "the driver gave no answer for it");
  if (entry.settled) return false;
  if (final.stored || final.error.code !== "unavailable") {
    settle(entry, final);
    return false;
  }
  entry.error = final.error;
  return true;
}

async function flush<T>(state: State<T>, slot: Slot<T>): Promise<void> {
  slot.scheduled = false;
  if (slot.sending || slot.pause || slot.number === undefined) return;
  const batch = takeBatch(slot, { ...state.limits, bytesOf: state.options.bytesOf });
  if (batch.length === 0) return;
  slot.sending = true;
  const results = await send(state, slot.number, batch);
  slot.sending = false;
  const again = batch.filter((entry, i) => comesAgain(entry, results[i]));
  for (const entry of again) entry.slot = slot;
  slot.entries.unshift(...again);
  release(state, batch.length - again.length);
  slot.failures = again.length > 0 ? slot.failures + 1 : 0;
  if (slot.failures === 0) return schedule(state, slot);
  const resume = () => {
    slot.pause = undefined;
    schedule(state, slot);
  };
  const doubled = state.limits.retryMs * 2 ** Math.min(slot.failures - 1, 10);
  slot.pause = setTimeout(resume, jittered(Math.min(retryMaxMs, doubled)));
}

function schedule<T>(state: State<T>, slot: Slot<T>): void {
  if (slot.scheduled || slot.sending || slot.pause || slot.entries.length === 0) return;
  slot.scheduled = true;
  setImmediate(() => void flush(state, slot));
}

function place<T>(state: State<T>, entry: Entry<T>): void {
  const number = state.options.slotOf ? state.options.slotOf(entry.event) : 0;
  let slot = number === undefined ? state.unplaced : state.slots.get(number);
  if (!slot) {
    slot = newSlot<T>(number);
    if (number !== undefined) state.slots.set(number, slot);
  }
  entry.slot = slot;
  slot.entries.push(entry);
  schedule(state, slot);
}

function retryAll<T>(state: State<T>): void {
  const waiting = state.unplaced.entries.filter(({ settled }) => !settled);
  state.unplaced.entries = [];
  state.unplaced.dead = 0;
  for (const entry of waiting) place(state, entry);
  for (const slot of state.slots.values()) {
    clearTimeout(slot.pause);
    slot.pause = undefined;
    schedule(state, slot);
  }
}

/** Why an event is not taken in; undefined when it is. */
function refusal<T>(state: State<T>, event: T, deadlineAtMs: number): PublishResult | undefined {
  if (deadlineAtMs <= Date.now()) return notStored("deadline", "its deadline has passed already");
  if (state.closed) return notStored("unavailable", "the publisher is closed");
  const bytes = state.options.bytesOf(event);
  if (bytes > state.limits.eventBytesMax) {
    return notStored("invalid", `it is too large: current value is ${bytes} bytes`);
  }
  if (state.held < state.limits.queueMax) return undefined;
  return notStored("overloaded", `the queue is full: current value is ${state.held} events`);
}

function publish<T>(state: State<T>, events: readonly T[], deadlineAtMs: number) {
  const { promise, resolve } = Promise.withResolvers<readonly PublishResult[]>();
  if (events.length === 0) resolve([]);
  const entries: Entry<T>[] = [];
  let timer: Timer | undefined;
  const done = () => {
    clearTimeout(timer);
    resolve(call.results);
  };
  const results = new Array<PublishResult>(events.length);
  const call: Call = { deadlineAtMs, results, left: events.length, done };
  for (const [index, event] of events.entries()) {
    const entry: Entry<T> = {
      ...{ event, call, index, slot: undefined, error: undefined, settled: false },
    };
    const refused = refusal(state, event, deadlineAtMs);
    if (refused) settle(entry, refused);
    else {
      entries.push(entry);
      state.held += 1;
      place(state, entry);
    }
  }
  if (call.left > 0) {
    const waitMs = Math.min(timerMaxMs, Math.max(0, deadlineAtMs - Date.now()));
    timer = setTimeout(() => expireAll(state, entries), waitMs);
  }
  return promise;
}

/** Makes an empty queue. */
export function batchQueue<T>(options: BatchQueueOptions<T>): BatchQueue<T> {
  const limits = { queueMax: 10_000, batchMax: 500, batchBytesMax: 900_000, retryMs: 10 };
  const state: State<T> = {
    options,
    limits: { eventBytesMax: 900_000, ...limits, ...options.limits },
    slots: new Map(),
    unplaced: newSlot(undefined),
    held: 0,
    closed: undefined,
  };
  return {
    publish: (events, { deadlineAtMs }) => publish(state, events, deadlineAtMs),
    retry: () => retryAll(state),
    close() {
      state.closed ??= Promise.withResolvers<void>();
      if (state.held === 0) state.closed.resolve();
      return state.closed.promise;
    },
  };
}
