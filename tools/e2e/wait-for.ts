import { pause } from "../../lib/pause.ts";

/** What is waited for. */
export interface Wait<T> {
  /** What it is, for the sentence when it does not come. */
  readonly what: string;
  readonly limitMs: number;
  /** Ends the wait with its reason. */
  readonly signal: AbortSignal;
  /** How long to wait between two looks. @default 1,000 */
  readonly everyMs?: number;
  /** Looks; undefined where it is not there yet. May throw, which counts as not there. */
  look(): Promise<T | undefined>;
  /** Why it is not there, for the sentence. @default what `look` threw */
  why?(): Promise<string>;
}

/**
 * Waits until `look` finds something.
 *
 * @throws Error with the reason when the time is over, or that of `signal` when it is aborted.
 */
export async function waitFor<T>(wait: Wait<T>): Promise<T> {
  const { what, limitMs, signal, everyMs = 1_000 } = wait;
  const end = performance.now() + limitMs;
  let fault: unknown;
  for (;;) {
    try {
      const found = await wait.look();
      if (found !== undefined) return found;
      fault = undefined;
    } catch (error) {
      fault = error;
    }
    signal.throwIfAborted();
    if (performance.now() > end) break;
    await pause(everyMs, signal);
  }
  const why = (await wait.why?.()) ?? (fault instanceof Error ? fault.message : "it is not there");
  throw new Error(`Cannot see ${what} within ${Math.round(limitMs / 1_000)} s: ${why}`, {
    cause: fault,
  });
}
