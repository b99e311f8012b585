import { pause } from "./pause.ts";

/** One run of something that lives as long as its connection. */
export interface Session {
  /** Aborted when the session shall end. */
  readonly signal: AbortSignal;
  /** Tells that the connection stands, so that the next fault is tried again soon. */
  up(): void;
}

/** What is kept running. */
export interface SuperviseOptions {
  /** Connects, works, cleans up; settles when the connection is lost or `signal` is aborted. */
  run(session: Session): Promise<void>;
  /** Told why each session ended, unless it was asked to. */
  onFault(error: Error): void;
  /** The pause after the first fault; it doubles up to `pauseMaxMs`. @default 100 */
  readonly pauseMs?: number | undefined;
  /** @default 5000 */
  readonly pauseMaxMs?: number | undefined;
}

/** Something that is run again whenever it ends. */
export interface Supervisor {
  /** Aborts the session and waits for its end. */
  stop(): Promise<void>;
}

/** An error, whatever was thrown. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Runs sessions one after the other, for ever, with a bounded and growing pause between failing ones. */
export function supervise(options: SuperviseOptions): Supervisor {
  const { run, onFault, pauseMs = 100, pauseMaxMs = 5_000 } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const keep = async () => {
    let failures = 0;
    const up = () => {
      failures = 0;
    };
    while (!signal.aborted) {
      try {
        await run({ signal, up });
      } catch (thrown) {
        if (!signal.aborted) onFault(toError(thrown));
      }
      // Half of it by chance, so that many clients of one broker do not come back in step.
      const waitMs = Math.min(pauseMaxMs, pauseMs * 2 ** Math.min(failures, 20));
      failures += 1;
      await pause(waitMs * (0.5 + Math.random() / 2), signal);
    }
  };
  const ended = keep();
  return {
    stop() {
      stopping.abort();
      return ended;
    },
  };
}
