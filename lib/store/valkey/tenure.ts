/**
 * How long a primary may be silent and still be believed. Sentinels replace one that is silent for longer (`downAfterMs` of
 * our charts, 6 s): what one says after that it may say although another took its place, and a copy that has not heard
 * of that either would confirm it.
 */
export const silenceMaxMs = 4_000;

/** How long a new connection is not used: by then the other copies follow whom the sentinels have just chosen. */
const settleMs = 3_000;

/** What is known of the server at the other end of a connection: since when it is the primary, without a gap. */
export interface Tenure {
  /** A connection was made to whom the sentinels name. */
  begin(): void;
  /** The server answered what was sent then. Returns why it is not to be believed; undefined where it is. */
  heard(sentMs: number): string | undefined;
  /** For how long nothing may be sent yet. */
  waitMs(): number;
  /** How long ago the last thing was sent that was answered. */
  quietMs(): number;
}

/** A tenure that has not begun. */
export function createTenure(nowMs: () => number = () => performance.now()): Tenure {
  let begunMs = nowMs();
  let provenMs = begunMs;
  return {
    begin() {
      begunMs = nowMs();
      provenMs = begunMs;
    },
    heard(sentMs) {
      const silentMs = nowMs() - provenMs;
      if (silentMs > silenceMaxMs) {
        return `it was silent for ${Math.round(silentMs)} ms, and may have been replaced`;
      }
      provenMs = Math.max(provenMs, sentMs);
      return undefined;
    },
    waitMs: () => Math.max(0, begunMs + settleMs - nowMs()),
    quietMs: () => nowMs() - provenMs,
  };
}
