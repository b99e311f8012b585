/** A clock that stands still until it is moved. */
export interface HandClock {
  nowMs(): number;
  /** Runs something later; the function that is returned prevents it. */
  later(run: () => void, ms: number): () => void;
  /** Moves on and runs what is due on the way, each at its time, with what it leaves to do at once. */
  advance(ms: number): Promise<void>;
}

/** How many things one move runs at most. */
const runsMax = 1_000;

/** A clock at 0. */
export function handClock(): HandClock {
  let nowMs = 0;
  const timers = new Set<{ readonly atMs: number; readonly run: () => void }>();
  const due = (endMs: number) =>
    [...timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
  return {
    nowMs: () => nowMs,
    later: (run, ms) => {
      const timer = { atMs: nowMs + ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: async (ms) => {
      const endMs = nowMs + ms;
      for (let runs = 0; runs < runsMax; runs++) {
        // What was promised happens before the clock moves.
        await new Promise<void>((resolve) => setImmediate(resolve));
        const timer = due(endMs);
        if (timer === undefined) break;
        timers.delete(timer);
        nowMs = timer.atMs;
        timer.run();
      }
      nowMs = endMs;
    },
  };
}
