import type { Child, ChildExit } from "../parts/child.ts";

/** What supervision tells. */
export interface SupervisionEvents {
  /** The child ended without having been asked to. */
  readonly onExit: (child: Child, exit: ChildExit) => void;
  readonly onRestart: (child: Child) => void;
  /** The child ended or failed to start too often in a row; it is left down. */
  readonly onGiveUp: (child: Child, error: unknown) => void;
}

const firstDelayMs = 100;
const delayMsMax = 5_000;
const failuresMax = 20;
/** A run that lasted as long as this was a good one. */
const steadyMs = 30_000;
const pollMs = 100;

const delayAfter = (failures: number) => Math.min(firstDelayMs * 2 ** (failures - 1), delayMsMax);

/** Waits for a run after the one that ended so. */
async function untilNextRun(
  child: Child,
  ended: Promise<ChildExit>,
  signal: AbortSignal,
): Promise<void> {
  while (child.exit() === ended && !signal.aborted) await Bun.sleep(pollMs);
}

/** Starts the child after growing delays; returns the number of failures so far, or what the last one was. */
async function restart(
  child: Child,
  signal: AbortSignal,
  failures: number,
): Promise<number | { readonly gaveUp: unknown }> {
  let last: unknown = new Error("it ended again and again");
  for (let count = failures; count <= failuresMax && !signal.aborted; count++) {
    await Bun.sleep(delayAfter(count));
    try {
      if (!signal.aborted && !child.running) await child.start();
      return count;
    } catch (error) {
      last = error;
    }
  }
  return { gaveUp: last };
}

/**
 * Starts `child` again, after growing delays, whenever it ends without having been asked to, until `signal` aborts. A
 * child that was stopped on purpose is left alone until it is started again on purpose.
 */
export async function supervise(
  child: Child,
  signal: AbortSignal,
  events: SupervisionEvents,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const startMs = performance.now();
    const ended = child.exit();
    const exit = await ended;
    if (signal.aborted) return;
    if (exit.asked) {
      await untilNextRun(child, ended, signal);
      continue;
    }
    events.onExit(child, exit);
    const before = performance.now() - startMs > steadyMs ? 0 : failures;
    const outcome = await restart(child, signal, before + 1);
    if (signal.aborted) return;
    if (typeof outcome !== "number") return events.onGiveUp(child, outcome.gaveUp);
    failures = outcome;
    events.onRestart(child);
  }
}
