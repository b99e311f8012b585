import { toError } from "../tell-changes.ts";

/** Heartbeats while a handler works. */
export interface Heartbeats extends Disposable {
  /** Aborted when the group does not count us in any more. */
  readonly signal: AbortSignal;
  /** Throws the reason, which tells kafkajs to join again. */
  throwIfLost(): void;
}

/** Calls `beat` every `everyMs` until it rejects or is disposed. */
export function heartbeats(beat: () => Promise<void>, everyMs: number): Heartbeats {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setInterval(() => {
    beat().catch((thrown) => {
      clearInterval(timer);
      controller.abort(toError(thrown));
    });
  }, everyMs);
  return {
    signal,
    throwIfLost() {
      if (signal.aborted) throw signal.reason;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
