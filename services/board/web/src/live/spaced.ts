/**
 * A function that has `run` done once for all the calls of `gapMs`: at once where nothing was done lately, else as soon as
 * the gap is over. One run at a time.
 *
 * @param later - runs something after some milliseconds, as `setTimeout` does
 */
export function spaced(
  run: () => Promise<void>,
  gapMs: number,
  later: (run: () => void, ms: number) => void,
): () => void {
  let busy = false;
  let wanted = false;
  const start = () => {
    busy = true;
    wanted = false;
    // Who runs shows its own faults.
    const rest = () => later(rested, gapMs);
    void run().then(rest, rest);
  };
  const rested = () => {
    busy = false;
    if (wanted) start();
  };
  return () => {
    if (busy) wanted = true;
    else start();
  };
}
