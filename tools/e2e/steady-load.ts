import { pause } from "../../lib/pause.ts";
import { boardClient } from "../../loadtest/board.ts";
import { countsOf, differences } from "../../loadtest/compare.ts";
import { percentile } from "../../loadtest/latency.ts";
import { pathsOf } from "../../loadtest/mixes/mix.ts";
import { post } from "../../loadtest/post.ts";
import type { Outcome } from "../../loadtest/send.ts";
import { drained, settled } from "../../loadtest/settled.ts";
import { tally } from "../../loadtest/tally.ts";
import type { CheckContext } from "./check.ts";
import { sendThrough } from "./send-through.ts";

/** What a load came to. */
export interface SteadyResult {
  readonly sent: number;
  /** Requests that failed at first, and were sent again under their key, by the reason. */
  readonly failedFirst: readonly string[];
  /** The figures in one line. */
  readonly figures: string;
}

/** How much load. */
export interface SteadyOptions {
  readonly users: number;
  /** A user's wait between two requests. */
  readonly pauseMs: number;
}

const drainMs = 120_000;
const settleMs = 60_000;
const kindsMax = 50;

/**
 * Makes load for as long as `work` takes, then compares what was acknowledged with what is stored.
 *
 * @throws Error where an event was not acknowledged in the end, is not stored, or has not exactly one effect; or what
 * `work` throws.
 */
export async function underLoad(
  context: CheckContext,
  options: SteadyOptions,
  work: () => Promise<void>,
): Promise<SteadyResult> {
  const { chart, ingress, signal } = context;
  const { mix } = chart;
  const targets = pathsOf(mix, chart.route).map((path) => new URL(path, ingress));
  const board = boardClient(ingress, mix.pipeline);
  const counts = async () => countsOf(await board.state(), mix.compared);
  await settled(board, { limitMs: settleMs, signal });
  const before = await counts();
  const sent = tally();
  const first = new Map<string, number>();
  const over = new AbortController();
  let next = 0;
  const user = async () => {
    while (!over.signal.aborted && !signal.aborted) {
      const event = mix.event(next++);
      const target = targets[Math.floor(Math.random() * targets.length)];
      if (target === undefined) return;
      sent.add(event, await sendNoting(target, JSON.stringify(event.body), first, signal));
      await pause(options.pauseMs, over.signal);
    }
  };
  const users = Promise.all(Array.from({ length: options.users }, user));
  try {
    await work();
  } finally {
    over.abort();
    await users;
  }
  const { missing } = await drained(board, sent.ids, { limitMs: drainMs, signal });
  const differing = Object.entries(differences(before, await counts(), sent.expected));
  const failed = sent.sent - sent.ids.length;
  const p99 = percentile(sent.latenciesMs, 0.99).toFixed(0);
  const failedFirst = [...first].map(([kind, count]) => `${count} × ${kind}`);
  const counted = [...first.values()].reduce((sum, count) => sum + count, 0);
  const why = counted === 0 ? "" : ` (${failedFirst[0]})`;
  const figures = `${sent.sent} sent, ${counted} failed at first${why}, ${failed} failed, ${missing.length} missing, p99 ${p99} ms`;
  if (failed > 0 || missing.length > 0 || differing.length > 0) {
    const kinds = sent.failures.map(({ kind, count }) => `${count} × ${kind}`);
    const differ = differing.map(([name, by]) => `${name} ${by}`);
    throw new Error([figures, ...kinds.slice(0, 5), ...differ.slice(0, 5)].join("\n"));
  }
  return { sent: sent.sent, failedFirst, figures };
}

/** Sends an event until it is acknowledged, and notes why the first attempt failed, where it did. */
async function sendNoting(
  url: URL,
  body: string,
  failures: Map<string, number>,
  signal: AbortSignal,
): Promise<Outcome> {
  const key = Bun.randomUUIDv7();
  const startMs = performance.now();
  const { status, id, failure } = await post(url, body, key);
  if (status >= 200 && status < 300 && id !== undefined) {
    const tookMs = performance.now() - startMs;
    return { acknowledged: id, attempts: 1, tookMs, failure: undefined, unknown: false };
  }
  const { kind } = failure;
  if (failures.size < kindsMax || failures.has(kind)) {
    failures.set(kind, (failures.get(kind) ?? 0) + 1);
  }
  return sendThrough(url, body, key, signal);
}
