import { type Log, silentLog } from "../log.ts";

/** What every subscriber may be told. */
export interface SubscriberOptions {
  /** Messages handed over in one delivery. @default 250 */
  readonly batchMax?: number | undefined;
  /** How often the store is asked again where it stands, on lanes with offsets. @default 5000 */
  readonly resyncMs?: number | undefined;
  /** The pause after a handler's first rejection; it doubles up to ten times of it. @default 100 */
  readonly pauseMs?: number | undefined;
  /** How long disposing waits for the delivery in hand before it aborts it. @default 10000 */
  readonly closeTimeoutMs?: number | undefined;
  /** Told of faults that are survived: rejecting handlers, lost connections. @default nobody */
  readonly log?: Log | undefined;
}

/** The options with their defaults. */
export interface SubscriberSettings {
  readonly batchMax: number;
  readonly resyncMs: number;
  readonly pauseMs: number;
  readonly pauseMaxMs: number;
  readonly closeTimeoutMs: number;
  readonly log: Log;
}

/** Fills in what was left out. */
export function subscriberSettings(options: SubscriberOptions): SubscriberSettings {
  const { batchMax = 250, resyncMs = 5_000, pauseMs = 100, closeTimeoutMs = 10_000 } = options;
  const { log = silentLog } = options;
  return { batchMax, resyncMs, pauseMs, pauseMaxMs: pauseMs * 10, closeTimeoutMs, log };
}
