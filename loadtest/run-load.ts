import { boardClient, type LedgerView } from "./board.ts";
import { countsOf, differences } from "./compare.ts";
import { climaApp } from "./mixes/clima-app.ts";
import { type Mix, pathsOf } from "./mixes/mix.ts";
import { send } from "./send.ts";
import { drained, settled } from "./settled.ts";
import { type FailureCount, type Tally, tally } from "./tally.ts";

/** What a load run does. */
export interface LoadOptions {
  readonly url: URL;
  readonly requests: number;
  readonly users: number;
  /** Whether clients choose the idempotency keys, so that they can repeat a request that got no answer. */
  readonly keys: boolean;
  /** How long the stores may take to catch up, in milliseconds. */
  readonly drainMs: number;
  /** What is sent. @default that of `clima-app` */
  readonly mix?: Mix;
  /** Which of the mix's routes; see `pathsOf`. @default `random` */
  readonly route?: string;
  /** Where the board answers. @default `url` */
  readonly board?: URL;
  /** The key that clients send, where one is needed. @default none */
  readonly apiKey?: string | undefined;
  /** Ends the run early; what was sent until then is still checked. */
  readonly signal?: AbortSignal;
}

/** What a run sent, and what it found stored. */
export interface LoadResult {
  readonly pipeline: string;
  readonly paths: readonly string[];
  readonly users: number;
  readonly requests: number;
  readonly acknowledged: number;
  /** How many were sent more than once. */
  readonly repeated: number;
  readonly failed: number;
  readonly failures: readonly FailureCount[];
  /** Failed events that may have had an effect all the same. */
  readonly unknown: number;
  /** Whether the run ended before everything was sent or checked. */
  readonly interrupted: boolean;
  readonly tookMs: number;
  /** How long the stores took to have everything, after the last reply. */
  readonly drainedMs: number;
  /** Latencies in milliseconds, rising. */
  readonly latenciesMs: readonly number[];
  /** Acknowledged ids that are not stored. */
  readonly missing: readonly string[];
  /** The keys of the state that were compared. */
  readonly compared: readonly string[];
  /** The growth of each count of the state minus what was acknowledged, where they differ. */
  readonly differences: Readonly<Record<string, number>>;
  readonly before: LedgerView;
  readonly ledger: LedgerView;
}

/** How long the stores may take after an interruption. */
const graceMs = 2_000;

/** Sends a pipeline's events, `users` at a time, waits until the stores have caught up, and compares. */
export async function runLoad(
  options: LoadOptions,
  onProgress: (done: number) => void,
): Promise<LoadResult> {
  const { url, mix = climaApp, signal = new AbortController().signal } = options;
  const paths = pathsOf(mix, options.route ?? "random");
  const targets = paths.map((path) => new URL(path, url));
  const board = boardClient(options.board ?? url, mix.pipeline);
  const counts = async () => countsOf(await board.state(), mix.compared);
  const wait = { limitMs: options.drainMs, signal };
  const before = await settled(board, wait);
  const countsBefore = await counts();
  const started = performance.now();
  const sent = await sendAll({ ...options, mix, signal }, targets, onProgress);
  const tookMs = performance.now() - started;
  const { missing, ledger } = await drained(
    board,
    sent.ids,
    signal.aborted ? { limitMs: graceMs, signal: new AbortController().signal } : wait,
  );
  const drainedMs = performance.now() - started - tookMs;
  return {
    pipeline: mix.pipeline,
    paths,
    users: options.users,
    requests: sent.sent,
    acknowledged: sent.ids.length,
    repeated: sent.repeated,
    failed: sent.sent - sent.ids.length,
    failures: sent.failures,
    unknown: sent.unknown,
    interrupted: signal.aborted,
    tookMs,
    drainedMs,
    latenciesMs: sent.latenciesMs,
    missing,
    compared: mix.compared,
    differences: differences(countsBefore, await counts(), sent.expected),
    before,
    ledger,
  };
}

async function sendAll(
  { mix, requests, users, keys, apiKey, signal }: LoadOptions & { mix: Mix; signal: AbortSignal },
  targets: readonly URL[],
  onProgress: (done: number) => void,
): Promise<Tally> {
  const sent = tally();
  let next = 0;
  const user = async () => {
    while (next < requests && !signal.aborted) {
      const event = mix.event(next++);
      const target = targets[Math.floor(Math.random() * targets.length)];
      if (target === undefined) return;
      const key = keys ? Bun.randomUUIDv7() : undefined;
      const body = JSON.stringify(event.body);
      sent.add(event, await send(target, body, key, signal, undefined, apiKey));
      onProgress(sent.sent);
    }
  };
  await Promise.all(Array.from({ length: users }, user));
  return sent;
}
