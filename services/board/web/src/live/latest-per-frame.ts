/**
 * A function that takes values as fast as they come and has at most one drawn for each frame, always the newest.
 *
 * @param schedule - runs something before the next frame, as `requestAnimationFrame` does
 */
export function latestPerFrame<T>(
  schedule: (run: () => void) => void,
  draw: (value: T) => void,
): (value: T) => void {
  let waiting: { readonly value: T } | undefined;
  return (value) => {
    const scheduled = waiting !== undefined;
    waiting = { value };
    if (scheduled) return;
    schedule(() => {
      const next = waiting;
      waiting = undefined;
      if (next !== undefined) draw(next.value);
    });
  };
}
