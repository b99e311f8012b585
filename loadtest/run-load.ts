import { type BoardClient, boardClient, type LedgerView } from "./board.ts";
import type { LoadOptions } from "./options.ts";
import { type Outcome, send } from "./send.ts";
import { municipalityNames, randomTweet } from "./tweets.ts";

/** What a run sent, and what it found stored. */
export interface LoadResult {
  readonly requests: number;
  readonly acknowledged: number;
  readonly repeated: number;
  readonly failures: readonly string[];
  /** Failed tweets that may have had an effect all the same. */
  readonly unknown: number;
  readonly tookMs: number;
  /** How long the stores took to have everything, after the last reply. */
  readonly drainedMs: number;
  /** Latencies in milliseconds, rising. */
  readonly latenciesMs: readonly number[];
  /** Acknowledged ids that are not stored. */
  readonly missing: readonly string[];
  /** Stored reports of this run minus acknowledged tweets, by municipality, where they differ. */
  readonly differences: Readonly<Record<string, number>>;
  readonly before: LedgerView;
  readonly ledger: LedgerView;
}

/** Sends the tweets, `users` at a time, waits until the stores have caught up, and compares. */
export async function runLoad(
  options: LoadOptions,
  onProgress: (done: number) => void,
): Promise<LoadResult> {
  const board = boardClient(options.url);
  const [before, reportsBefore] = await Promise.all([board.ledger(), board.reports()]);
  const started = performance.now();
  const sent = await sendAll(options, onProgress);
  const tookMs = performance.now() - started;
  const ids = sent.flatMap(({ outcome }) => outcome.acknowledged ?? []);
  const { missing, ledger } = await drained(board, ids, options.drainMs);
  const drainedMs = performance.now() - started - tookMs;
  return {
    requests: sent.length,
    acknowledged: ids.length,
    repeated: sent.filter(({ outcome }) => outcome.attempts > 1).length,
    failures: sent.flatMap(({ outcome }) => outcome.failure ?? []),
    unknown: sent.filter(({ outcome }) => outcome.unknown).length,
    tookMs,
    drainedMs,
    latenciesMs: sent.map(({ outcome }) => outcome.tookMs).sort((a, b) => a - b),
    missing,
    differences: differences(sent, reportsBefore, await board.reports()),
    before,
    ledger,
  };
}

interface Sent {
  readonly place: number;
  readonly outcome: Outcome;
}

async function sendAll(
  { url, requests, users, keys }: LoadOptions,
  onProgress: (done: number) => void,
): Promise<readonly Sent[]> {
  const target = new URL("/clima", url);
  const sent: Sent[] = [];
  let next = 0;
  const user = async () => {
    while (next < requests) {
      const { tweet, place } = randomTweet(next++);
      const outcome = await send(target, tweet, keys ? Bun.randomUUIDv7() : undefined);
      sent.push({ place, outcome });
      onProgress(sent.length);
    }
  };
  await Promise.all(Array.from({ length: users }, user));
  return sent;
}

/** Waits until every id is stored and nothing is in flight; the time is bounded. */
async function drained(board: BoardClient, ids: readonly string[], limitMs: number) {
  const end = Date.now() + limitMs;
  let missing: readonly string[] = ids;
  for (;;) {
    try {
      missing = await board.missing(missing);
      const ledger = await board.ledger();
      if (Date.now() > end || (missing.length === 0 && ledger.inFlight === 0)) {
        return { missing, ledger };
      }
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await Bun.sleep(100);
  }
}

function differences(
  sent: readonly Sent[],
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const entries = municipalityNames.map((name, index) => {
    const acknowledged = sent.filter(
      ({ place, outcome }) => place === index + 1 && outcome.acknowledged !== undefined,
    );
    return [name, (after[name] ?? 0) - (before[name] ?? 0) - acknowledged.length] as const;
  });
  return Object.fromEntries(entries.filter(([, difference]) => difference !== 0));
}
