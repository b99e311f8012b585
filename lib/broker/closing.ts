import { within } from "../pause.ts";

/** The two steps of an orderly end. */
export interface Closing {
  /** Aborted first: nothing new shall begin. */
  readonly stopping: AbortSignal;
  /** Aborted when what was in hand did not end in time. */
  readonly aborted: AbortSignal;
  /** Takes both steps, waiting for `end` after each: `timeoutMs` at most, then five seconds at most. */
  close(end: () => Promise<unknown>, timeoutMs: number): Promise<void>;
}

const lastWaitMs = 5_000;

/** Makes an end that has not begun. */
export function createClosing(): Closing {
  const stopping = new AbortController();
  const aborted = new AbortController();
  let closed: Promise<void> | undefined;
  const close = async (end: () => Promise<unknown>, timeoutMs: number) => {
    stopping.abort();
    const ended = end();
    await within("stop", timeoutMs, ended).catch(() => {});
    aborted.abort();
    await within("stop", lastWaitMs, ended).catch(() => {});
  };
  return {
    stopping: stopping.signal,
    aborted: aborted.signal,
    close(end, timeoutMs) {
      closed ??= close(end, timeoutMs);
      return closed;
    },
  };
}
