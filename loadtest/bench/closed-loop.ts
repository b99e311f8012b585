import { randomTweet } from "../tweets.ts";

/** How many clients each run of a measurement has. */
export const usersOfRuns: readonly number[] = [10, 64, 256];

/** What a closed loop measured. */
export interface LoopFigures {
  readonly acknowledged: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Lets `users` clients post tweets, each waiting for its reply before the next, for `seconds`. */
export async function closedLoop(url: URL, users: number, seconds: number): Promise<LoopFigures> {
  const latencies: number[] = [];
  let failed = 0;
  let sent = 0;
  const started = performance.now();
  const end = started + seconds * 1_000;
  const user = async () => {
    while (performance.now() < end) {
      const body = JSON.stringify(randomTweet(sent++).tweet);
      const from = performance.now();
      const ok = await post(url, body);
      if (ok) latencies.push(performance.now() - from);
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: users }, user));
  const tookMs = performance.now() - started;
  latencies.sort((a, b) => a - b);
  const per = (fraction: number) => latencies[Math.floor(latencies.length * fraction)] ?? 0;
  return {
    acknowledged: latencies.length,
    failed,
    perSecond: (latencies.length / tookMs) * 1_000,
    p50Ms: per(0.5),
    p99Ms: per(0.99),
  };
}

async function post(url: URL, body: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
