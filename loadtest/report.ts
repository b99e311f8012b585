import type { LoadResult } from "./run-load.ts";

/** Whether every tweet was acknowledged and has exactly one effect. */
export function holds(result: LoadResult): boolean {
  return (
    result.failures.length === 0 &&
    result.missing.length === 0 &&
    Object.keys(result.differences).length === 0 &&
    result.ledger.inFlight === 0 &&
    result.ledger.closes
  );
}

/** The result as lines that people read. */
export function reportLines(result: LoadResult): readonly string[] {
  const { before, ledger } = result;
  const per = (fraction: number) =>
    (result.latenciesMs[Math.floor(result.latenciesMs.length * fraction)] ?? 0).toFixed(1);
  const rate = Math.round((result.requests / result.tookMs) * 1_000);
  return [
    `sent          ${result.requests} in ${seconds(result.tookMs)} (${rate}/s), repeated ${result.repeated}`,
    `latency       p50 ${per(0.5)}  p90 ${per(0.9)}  p99 ${per(0.99)}  max ${per(0.99999)} ms`,
    `acknowledged  ${result.acknowledged}, failed ${result.failures.length} (of unknown effect ${result.unknown})`,
    `stored        ${ledger.stored - before.stored}, all of them ${seconds(result.drainedMs)} after the last reply`,
    `duplicates    ${ledger.duplicates - before.duplicates} suppressed, dead letters ${ledger.deadLettered - before.deadLettered}`,
    `missing       ${result.missing.length}`,
    `differences   ${describe(result.differences)}`,
    `ledger        ${ledger.closes ? "closes" : "DOES NOT CLOSE"}: accepted ${ledger.accepted} = stored ${ledger.stored} + duplicates ${ledger.duplicates} + dead letters ${ledger.deadLettered} + in flight ${ledger.inFlight}`,
    ...[...new Set(result.failures)].slice(0, 5).map((failure) => `failure       ${failure}`),
    holds(result)
      ? "Every tweet that was acknowledged has exactly one effect."
      : "NOT every tweet has exactly one effect: see above.",
  ];
}

function describe(differences: Readonly<Record<string, number>>): string {
  const all = Object.entries(differences);
  if (all.length === 0)
    return "none: every municipality has as many reports as acknowledged tweets";
  return all.map(([name, by]) => `${name} ${by > 0 ? "+" : ""}${by}`).join(", ");
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
