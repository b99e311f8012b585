/** Tokens that come at a steady rate and are kept up to a limit. */
export interface TokenBucket {
  /** Whether there is a token now. */
  has(): boolean;
  /** Takes a token; false where there is none. */
  take(): boolean;
}

/** How long the tokens of a rate's full bucket take to come, in seconds. */
const burstS = 0.2;

/** A bucket for a rate of events: after a burst of a fifth of a second, one event at least, as many as the rate says. */
export function rateLimit(perSecond: number, clock: () => number): TokenBucket {
  return tokenBucket(perSecond, Math.max(1, perSecond * burstS), clock);
}

/**
 * A token bucket, full at first. `clock` tells milliseconds and may stand still or go back: then nothing comes in.
 *
 * @throws Error for a rate or size that could never give a token.
 */
export function tokenBucket(perSecond: number, size: number, clock: () => number): TokenBucket {
  if (!(perSecond > 0 && size >= 1)) {
    throw new Error(
      `Cannot make a token bucket: rate and size must allow a token: current value is ${perSecond} a second, ${size} at most`,
    );
  }
  let tokens = size;
  let atMs = clock();

  function has(): boolean {
    const nowMs = clock();
    tokens = Math.min(size, tokens + (Math.max(0, nowMs - atMs) * perSecond) / 1_000);
    atMs = nowMs;
    return tokens >= 1;
  }

  return {
    has,
    take: () => {
      if (!has()) return false;
      tokens -= 1;
      return true;
    },
  };
}
