import type { Progress } from "../up/progress.ts";

/** What every part of a run is told. */
export interface FuzzContext {
  readonly seed: number;
  readonly isShort: boolean;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Shows a part's progress by a bar; resolves with what it resolves with. */
export async function asStep<T>(
  { progress }: FuzzContext,
  name: string,
  run: () => Promise<T>,
): Promise<T> {
  const startedMs = performance.now();
  progress.onProgress(name, "running", 0);
  try {
    const result = await run();
    progress.onProgress(name, "done", performance.now() - startedMs);
    return result;
  } catch (error) {
    progress.onProgress(name, "failed", performance.now() - startedMs);
    throw error;
  }
}
