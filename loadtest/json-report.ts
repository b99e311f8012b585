import { boundsMs, distribution, percentile } from "./latency.ts";
import { holds } from "./report.ts";
import type { LoadResult } from "./run-load.ts";

/** The result as JSON that programs read: the latencies as percentiles and as a distribution. */
export function jsonReport(result: LoadResult): string {
  const { latenciesMs, tookMs, ...rest } = result;
  const counts = distribution(latenciesMs);
  const report = {
    ...rest,
    tookMs,
    perSecond: (result.requests / tookMs) * 1_000,
    latencyMs: {
      p50: percentile(latenciesMs, 0.5),
      p90: percentile(latenciesMs, 0.9),
      p95: percentile(latenciesMs, 0.95),
      p99: percentile(latenciesMs, 0.99),
      max: percentile(latenciesMs, 1),
    },
    distribution: counts.flatMap((count, row) =>
      count === 0 ? [] : [{ upToMs: boundsMs[row] ?? null, count }],
    ),
    holds: holds(result),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
