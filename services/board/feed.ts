import { pause } from "../../lib/pause.ts";
import type { BoardSource } from "./board-source.ts";
import {
  readSurroundings,
  readView,
  type Snapshot,
  type Surroundings,
  snapshotOf,
  textOf,
} from "./snapshot.ts";
import { stateOf } from "./state.ts";

/** One who follows a pipeline. */
export interface Follower extends Disposable {
  /**
   * The newest snapshot that this follower has not had, as JSON; undefined where none came within `waitMs`. What came in
   * between is left out.
   */
  next(waitMs: number): Promise<string | undefined>;
}

/**
 * Reads a pipeline for all who follow it together, as long as somebody does: its store four times a second at most,
 * brokers and log once a second at most. A snapshot that is the same as the last one is none.
 */
export interface Feed {
  follow(): Follower;
}

const storeEveryMs = 250;
const surroundingsEveryMs = 1_000;
/** How long the first snapshot waits for brokers that do not answer at once. */
const firstMs = 500;

/** Makes a feed that nobody follows yet. */
export function createFeed(source: BoardSource): Feed {
  const followers = new Set<{ wake: AbortController }>();
  let frame: { readonly number: number; readonly text: string } | undefined;
  let frames = 0;
  let reading: AbortController | undefined;
  const begin = (): AbortController => {
    const run = new AbortController();
    let last = "";
    // What was read before, while others followed, is old.
    frame = undefined;
    void readOn(source, run.signal, (snapshot) => {
      const json = JSON.stringify(snapshot);
      if (json === last || run.signal.aborted) return;
      last = json;
      frames += 1;
      frame = { number: frames, text: textOf(json) };
      for (const { wake } of followers) wake.abort();
    });
    return run;
  };
  return {
    follow() {
      const follower = { wake: new AbortController() };
      followers.add(follower);
      reading ??= begin();
      let seen = 0;
      const fresh = () => (frame === undefined || frame.number === seen ? undefined : frame);
      return {
        async next(waitMs) {
          follower.wake = new AbortController();
          if (fresh() === undefined) await pause(waitMs, follower.wake.signal);
          const newest = fresh();
          seen = newest?.number ?? seen;
          return newest?.text;
        },
        [Symbol.dispose]() {
          follower.wake.abort();
          followers.delete(follower);
          if (followers.size > 0) return;
          reading?.abort();
          reading = undefined;
        },
      };
    },
  };
}

/** Reads until `signal` is aborted and hands over a snapshot after every reading of the store. */
async function readOn(
  source: BoardSource,
  signal: AbortSignal,
  take: (snapshot: Snapshot) => void,
): Promise<void> {
  const first = new AbortController();
  let around: Surroundings | undefined;
  void every(surroundingsEveryMs, signal, async () => {
    around = await readSurroundings(source);
    first.abort();
  });
  await pause(firstMs, first.signal);
  let snapshot = awayFrom(source);
  await every(storeEveryMs, signal, async () => {
    // Only a view that was read after the brokers can be held against them.
    const before = around;
    around = undefined;
    const view = await readView(source);
    if (before !== undefined) snapshot = snapshotOf(source, before, view);
    else if (view === null) snapshot = { ...snapshot, state: null, ledger: null, lag: null };
    else snapshot = { ...snapshot, state: stateOf(source.pipeline, view) };
    take(snapshot);
  });
}

/** Does `work`, which never rejects, again and again: `everyMs` from one beginning to the next, or longer where it takes longer. */
async function every(everyMs: number, signal: AbortSignal, work: () => Promise<void>) {
  while (!signal.aborted) {
    const beganMs = performance.now();
    await work();
    await pause(Math.max(0, beganMs + everyMs - performance.now()), signal);
  }
}

/** What is known before anything answered. */
function awayFrom({ deadLetters = {}, log }: BoardSource): Snapshot {
  return {
    state: null,
    ledger: null,
    lag: null,
    deadLetters: Object.fromEntries(Object.keys(deadLetters).map((lane) => [lane, null])),
    ...(log === undefined ? {} : { logs: null }),
  };
}
