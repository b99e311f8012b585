/** How long to wait before a repeat. */
export interface BackoffOptions {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Waits before repeat number `attempt` (from 0): doubling from `minMs` to `maxMs`, with full jitter in its upper half. */
export async function backoff(
  attempt: number,
  { minMs, maxMs }: BackoffOptions,
  signal?: AbortSignal,
): Promise<void> {
  const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(attempt, 20));
  const waitMs = ceiling / 2 + (Math.random() * ceiling) / 2;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, waitMs);
  signal?.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
