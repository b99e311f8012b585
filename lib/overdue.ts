/** How often overdue waits are looked for, in milliseconds: so much later than its limit a wait may be given up. */
const everyMs = 250;

interface Wait {
  readonly untilMs: number;
  readonly onLate: () => void;
}

const waits = new Set<Wait>();
let interval: Timer | undefined;

/**
 * Calls `onLate` once `timeoutMs` have passed, unless the function that it returns was called before. One interval serves
 * all waits, for those that are almost always over at once: a timer for each would cost more than what is waited for.
 */
export function whenOverdue(timeoutMs: number, onLate: () => void): () => void {
  const wait = { untilMs: performance.now() + timeoutMs, onLate };
  waits.add(wait);
  interval ??= setInterval(look, everyMs);
  return () => waits.delete(wait);
}

function look(): void {
  const now = performance.now();
  for (const wait of waits) {
    if (wait.untilMs > now) continue;
    waits.delete(wait);
    wait.onLate();
  }
  if (waits.size > 0) return;
  clearInterval(interval);
  interval = undefined;
}
