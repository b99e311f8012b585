import type { Tweet } from "./tweets.ts";

/** What became of one tweet. */
export interface Outcome {
  /** The event's id where the tweet was acknowledged. */
  readonly acknowledged: string | undefined;
  /** How many times it was sent. */
  readonly attempts: number;
  /** Milliseconds from the first attempt to the acknowledgement. */
  readonly tookMs: number;
  /** The last failure, where it was not. */
  readonly failure: string | undefined;
  /** Whether an attempt may have had an effect although the tweet was never acknowledged. */
  readonly unknown: boolean;
}

const attemptsMax = 60;
const attemptMs = 10_000;

/**
 * Sends one tweet until it is acknowledged. A refusal (4xx other than 429) ends it; anything else is tried again under
 * the same key: the client's own, or the one that the reply told. Without either nothing can be repeated safely.
 */
export async function send(url: URL, tweet: Tweet, ownKey: string | undefined): Promise<Outcome> {
  const started = performance.now();
  const body = JSON.stringify(tweet);
  let key = ownKey;
  let failure: string | undefined;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const answer = await post(url, body, key);
    const tookMs = performance.now() - started;
    if (answer.status >= 200 && answer.status < 300 && answer.id !== undefined) {
      return {
        acknowledged: answer.id,
        attempts: attempt,
        tookMs,
        failure: undefined,
        unknown: false,
      };
    }
    key ??= answer.id;
    failure = answer.failure;
    const refused = answer.status >= 400 && answer.status < 500;
    if ((refused && answer.status !== 429) || key === undefined) {
      return { acknowledged: undefined, attempts: attempt, tookMs, failure, unknown: !refused };
    }
    await Bun.sleep(Math.min(1_000, 25 * 2 ** attempt) * (0.5 + Math.random() / 2));
  }
  const tookMs = performance.now() - started;
  return { acknowledged: undefined, attempts: attemptsMax, tookMs, failure, unknown: true };
}

interface Answer {
  readonly status: number;
  readonly id: string | undefined;
  readonly failure: string;
}

async function post(url: URL, body: string, key: string | undefined): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      body,
      signal: AbortSignal.timeout(attemptMs),
    });
    const text = await response.text();
    return {
      status: response.status,
      id: response.headers.get("idempotency-key") ?? undefined,
      failure: `${response.status} ${text.slice(0, 300)}`,
    };
  } catch (error) {
    return {
      status: 0,
      id: undefined,
      failure: error instanceof Error ? error.message : String(error),
    };
  }
}
