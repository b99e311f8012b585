import { pause } from "../lib/pause.ts";
import { type Answer, type Failure, post } from "./post.ts";

/** What became of one event. */
export interface Outcome {
  /** The event's id where it was acknowledged. */
  readonly acknowledged: string | undefined;
  /** How many times it was sent. */
  readonly attempts: number;
  /** Milliseconds from the first attempt to the end. */
  readonly tookMs: number;
  /** The last failure, where it was not acknowledged. */
  readonly failure: Failure | undefined;
  /** Whether an attempt may have had an effect although the event was never acknowledged. */
  readonly unknown: boolean;
}

const attemptsMax = 60;
const longestPauseMs = 1_000;

/** Whether an answer says that the event will never be taken: 4xx other than 429. */
export function isRefusal({ status }: Answer): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

/**
 * Sends one event until it is acknowledged. A refusal ends it, as `signal` does; anything else is tried again under the
 * same key: the client's own, or the one that the reply told. Without either nothing can be repeated safely.
 */
export async function send(
  url: URL,
  body: string,
  ownKey: string | undefined,
  signal: AbortSignal,
  refused: (answer: Answer) => boolean = isRefusal,
  apiKey?: string,
): Promise<Outcome> {
  const started = performance.now();
  let key = ownKey;
  let mayHaveEffect = false;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await post(url, body, key, apiKey);
    const sent = { attempts: attempt, tookMs: performance.now() - started };
    if (isSuccess(answer)) {
      return { ...sent, acknowledged: answer.id, failure: undefined, unknown: false };
    }
    key ??= answer.id;
    mayHaveEffect ||= answer.status < 400 || answer.status >= 500;
    const final = refused(answer) || key === undefined;
    if (final || attempt === attemptsMax || signal.aborted) {
      return { ...sent, acknowledged: undefined, failure: answer.failure, unknown: mayHaveEffect };
    }
    const pauseMs = Math.min(longestPauseMs, 25 * 2 ** attempt) * (0.5 + Math.random() / 2);
    await pause(pauseMs, signal);
  }
}

function isSuccess({ status, id }: Answer): boolean {
  return status >= 200 && status < 300 && id !== undefined;
}
