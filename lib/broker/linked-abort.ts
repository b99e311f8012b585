/** A signal that follows others until it is disposed. */
export interface LinkedAbort extends Disposable {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

/**
 * Aborts when one of `sources` does, or when told. To be disposed: `AbortSignal.any` keeps over a kilobyte for ever at
 * each call beside a source that lives as long as the process.
 */
export function linkedAbort(...sources: readonly AbortSignal[]): LinkedAbort {
  const controller = new AbortController();
  const follow = () => controller.abort();
  for (const source of sources) {
    if (source.aborted) follow();
    else source.addEventListener("abort", follow, { once: true });
  }
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]() {
      for (const source of sources) source.removeEventListener("abort", follow);
    },
  };
}
