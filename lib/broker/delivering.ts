import type { Log } from "../log.ts";
import { aborted, pause } from "../pause.ts";
import type { Delivery, DeliveryHandler } from "./subscriber.ts";
import { tellChanges } from "./tell-changes.ts";

/** How a delivery is repeated while its handler rejects. */
export interface RepeatOptions {
  /** The pause after the first rejection; it doubles up to `pauseMaxMs`. */
  readonly pauseMs: number;
  readonly pauseMaxMs: number;
  /** Told why it is rejected. */
  readonly log: Log;
  /** True when the delivery shall not be tried again. */
  given?(): boolean;
}

/** A settled delivery with the handler's answer, or one that was given up: it has to be delivered again some day. */
export type Settlement = { readonly settled: true; readonly next: number | undefined } | GivenUp;

interface GivenUp {
  readonly settled: false;
}

/** How long a handler may go on with messages that are not ours any more, before it is left to itself. */
const abandonMs = 3_000;

/** Resolves `abandonMs` after the abort; the signal is not to outlive the delivery. */
async function abandoned(signal: AbortSignal): Promise<GivenUp> {
  await aborted(signal);
  const { promise, resolve } = Promise.withResolvers<GivenUp>();
  setTimeout(() => resolve({ settled: false }), abandonMs).unref();
  return promise;
}

/**
 * Hands a delivery to its handler, again and again while that rejects, until its signal is aborted or it is given up.
 * Resolves in bounded time after the abort, whatever the handler does.
 */
export async function deliver(
  handler: DeliveryHandler,
  delivery: Delivery,
  { pauseMs, pauseMaxMs, log, given }: RepeatOptions,
): Promise<Settlement> {
  const { signal } = delivery;
  const leaving = abandoned(signal);
  const faults = tellChanges((error) =>
    log.warn("a delivery was not settled, trying again", { error }),
  );
  for (let failures = 0; ; failures += 1) {
    try {
      const settled = handler.handle(delivery).then((next) => ({ settled: true, next }) as const);
      return await Promise.race([settled, leaving]);
    } catch (thrown) {
      if (signal.aborted) return { settled: false };
      faults.tell(thrown);
    }
    await pause(Math.min(pauseMaxMs, pauseMs * 2 ** Math.min(failures, 20)), signal);
    if (signal.aborted || given?.()) return { settled: false };
  }
}
