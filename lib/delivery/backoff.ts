import { jittered } from "../jittered.ts";
import { pause } from "../pause.ts";

/** How long to wait before a repeat. */
export interface BackoffOptions {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Waits before repeat number `attempt` (from 0): doubling from `minMs` to `maxMs`, of which half by chance. */
export function backoff(
  attempt: number,
  { minMs, maxMs }: BackoffOptions,
  signal?: AbortSignal,
): Promise<void> {
  const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(attempt, 20));
  return pause(jittered(ceiling), signal);
}
