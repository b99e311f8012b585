/** How long a page that nobody sees goes on: who looks elsewhere for a moment misses nothing. */
const goesOnMs = 60_000;

/** What it needs of the world. */
export interface SeenPorts {
  /** Whether the page is seen now. */
  seen(): boolean;
  /** Calls when that changes; the function that is returned ends it. */
  onChange(changed: () => void): () => void;
  /** Runs something later; the function that is returned prevents it. */
  later(run: () => void, ms: number): () => void;
}

/**
 * Runs something while the page is seen, and for a minute after: a page that is left open in the background must not hold a
 * stream for ever, and on Cloud Run an instance with it.
 *
 * @param start - starts it; the function that it returns stops it.
 * @returns what stops it for good.
 */
export function whileSeen({ seen, onChange, later }: SeenPorts, start: () => () => void) {
  let stop: (() => void) | undefined;
  let cancel = () => {};
  const change = () => {
    cancel();
    if (seen()) stop ??= start();
    else cancel = later(end, goesOnMs);
  };
  const end = () => {
    stop?.();
    stop = undefined;
  };
  const forget = onChange(change);
  change();
  return () => {
    forget();
    cancel();
    end();
  };
}
