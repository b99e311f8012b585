import { jittered } from "../jittered.ts";
import { pause } from "../pause.ts";
import { linkedAbort } from "./linked-abort.ts";
import { tellChanges } from "./tell-changes.ts";

/** One run of something that lives as long as its connection. */
export interface Session {
  /** Aborted when the session shall end. */
  readonly signal: AbortSignal;
  /** Tells that the connection stands; if it does so for a while, the next fault is tried again soon. */
  up(): void;
}

/** What is kept running. */
export interface SuperviseOptions {
  /** Connects, works, cleans up; settles when the connection is lost or `signal` is aborted. */
  run(session: Session): Promise<void>;
  /** Told why a session ended, unless it was asked to; told once while the reason stays the same. */
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

/** A session that fails sooner after `up` counts as one more failure: joining and failing in turns disturbs others. */
const steadyMs = 5_000;

/** Runs sessions one after the other, for ever, with a bounded and growing pause between failing ones. */
export function supervise(options: SuperviseOptions): Supervisor {
  const { run, onFault, pauseMs = 100, pauseMaxMs = 5_000 } = options;
  const stopping = new AbortController();
  const faults = tellChanges(onFault);
  const runOnce = async (): Promise<boolean> => {
    using link = linkedAbort(stopping.signal);
    let upAtMs = Number.POSITIVE_INFINITY;
    const up = () => {
      upAtMs = Date.now();
      faults.over();
    };
    try {
      await run({ signal: link.signal, up });
    } catch (thrown) {
      if (!stopping.signal.aborted) faults.tell(thrown);
    }
    return Date.now() - upAtMs >= steadyMs;
  };
  const keep = async () => {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      if (await runOnce()) failures = 0;
      const waitMs = Math.min(pauseMaxMs, pauseMs * 2 ** Math.min(failures, 20));
      await pause(jittered(waitMs), stopping.signal);
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
