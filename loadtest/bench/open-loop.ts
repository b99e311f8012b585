import { percentile } from "../latency.ts";
import { post } from "../post.ts";

/** One request of an open loop. */
export interface LoopRequest {
  readonly url: URL;
  /** JSON. */
  readonly body: string;
}

/** What an open loop sends, and how fast. */
export interface OpenLoop {
  readonly perSecond: number;
  readonly seconds: number;
  /** The request with this index, from 0. */
  request(index: number): LoopRequest;
  /** Sends a request and resolves with the status, 0 where no answer came. @default with fetch */
  readonly send?: (request: LoopRequest) => Promise<number>;
  /** Hears when a refusal came, from the loop's start. */
  readonly onRefused?: (atMs: number) => void;
  /** Ends the loop early. */
  readonly signal?: AbortSignal;
}

/** What an open loop measured. */
export interface OpenLoopFigures {
  readonly sent: number;
  /** Requests that were due while as many as may be were waiting for replies; they were not sent. */
  readonly held: number;
  readonly acknowledged: number;
  /** Told that there is no room (429). */
  readonly refused: number;
  /** All others. */
  readonly failed: number;
  /** Acknowledged events for each second of the loop. */
  readonly perSecond: number;
  /** From the moment that a request was due to its reply. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The same for what was refused. */
  readonly refusedP50Ms: number;
  readonly refusedP99Ms: number;
}

const everyMs = 5;
const inFlightMax = 2_000;

/** Sends requests when they are due, however long replies take, and waits for the replies. */
export async function openLoop(options: OpenLoop): Promise<OpenLoopFigures> {
  const { perSecond, seconds, signal } = options;
  const total = perSecond * seconds;
  const latencies: number[] = [];
  const refusals: number[] = [];
  const waiting = new Set<Promise<void>>();
  let [held, failed, due] = [0, 0, 0];
  const started = performance.now();
  const send = async (index: number) => {
    const dueAt = started + (index * 1_000) / perSecond;
    const status = await (options.send ?? fetched)(options.request(index));
    if (status >= 200 && status < 300) latencies.push(performance.now() - dueAt);
    else if (status === 429) {
      options.onRefused?.(performance.now() - started);
      refusals.push(performance.now() - dueAt);
    } else failed += 1;
  };
  while (due < total && signal?.aborted !== true) {
    const now = Math.floor(((performance.now() - started) * perSecond) / 1_000);
    for (; due < Math.min(now + 1, total); due++) {
      if (waiting.size >= inFlightMax) held += 1;
      else {
        const sending = send(due).finally(() => waiting.delete(sending));
        waiting.add(sending);
      }
    }
    await Bun.sleep(everyMs);
  }
  const tookMs = performance.now() - started;
  await Promise.all(waiting);
  latencies.sort((a, b) => a - b);
  refusals.sort((a, b) => a - b);
  return {
    sent: due - held,
    held,
    acknowledged: latencies.length,
    refused: refusals.length,
    failed,
    perSecond: (latencies.length / tookMs) * 1_000,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    refusedP50Ms: percentile(refusals, 0.5),
    refusedP99Ms: percentile(refusals, 0.99),
  };
}

async function fetched({ url, body }: LoopRequest): Promise<number> {
  return (await post(url, body, undefined)).status;
}
