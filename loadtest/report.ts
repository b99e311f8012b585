import { distribution, percentile, plotLines } from "./latency.ts";
import type { LoadResult } from "./run-load.ts";

const differencesShown = 10;
const failuresShown = 10;

/** Whether every event was acknowledged and has exactly one effect. */
export function holds(result: LoadResult): boolean {
  return (
    result.failed === 0 &&
    result.missing.length === 0 &&
    Object.keys(result.differences).length === 0 &&
    result.ledger.inFlight === 0 &&
    result.ledger.closes
  );
}

/** The result as lines that people read; the last one is the verdict. */
export function reportLines(result: LoadResult): readonly string[] {
  const { before, ledger, latenciesMs } = result;
  const per = (fraction: number) => percentile(latenciesMs, fraction).toFixed(1);
  const rate = Math.round((result.requests / result.tookMs) * 1_000);
  return [
    `pipeline      ${result.pipeline}: POST ${result.paths.join(", ")} by ${result.users} users`,
    `sent          ${result.requests} in ${seconds(result.tookMs)} (${rate}/s), repeated ${result.repeated}`,
    `latency       p50 ${per(0.5)}  p90 ${per(0.9)}  p95 ${per(0.95)}  p99 ${per(0.99)}  max ${per(1)} ms`,
    ...plotLines(distribution(latenciesMs)),
    `acknowledged  ${result.acknowledged}, failed ${result.failed} (of unknown effect ${result.unknown})`,
    ...failureLines(result),
    `stored        ${ledger.stored - before.stored}${storedWhen(result)}`,
    `duplicates    ${ledger.duplicates - before.duplicates} suppressed, dead letters ${ledger.deadLettered - before.deadLettered}`,
    `missing       ${result.missing.length}${result.missing.length > 0 ? `: ${result.missing.slice(0, 3).join(", ")}` : ""}`,
    `differences   ${describe(result)}`,
    `ledger        ${ledger.closes ? "closes" : "DOES NOT CLOSE"}: accepted ${ledger.accepted} = stored ${ledger.stored} + duplicates ${ledger.duplicates} + dead letters ${ledger.deadLettered} + in flight ${ledger.inFlight}`,
    ...(result.interrupted ? ["Interrupted: this is what is known so far."] : []),
    holds(result)
      ? "Every event that was sent is acknowledged and has exactly one effect."
      : "NOT every event is acknowledged and has exactly one effect: see above.",
  ];
}

function failureLines({ failures }: LoadResult): readonly string[] {
  const lines = failures.slice(0, failuresShown).map(({ kind, detail, count }) => {
    return `error         ${count} × ${kind}${detail === "" ? "" : `: ${detail}`}`;
  });
  const more = failures.length - failuresShown;
  return more > 0 ? [...lines, `error         and ${more} other kinds`] : lines;
}

function storedWhen({ missing, ledger, drainedMs }: LoadResult): string {
  const all = missing.length === 0 && ledger.inFlight === 0;
  return all ? `, all of them ${seconds(drainedMs)} after the last reply` : "";
}

function describe({ differences, compared }: LoadResult): string {
  const all = Object.entries(differences);
  if (all.length === 0) return `none in ${compared.join(", ")}`;
  const shown = all
    .slice(0, differencesShown)
    .map(([name, by]) => `${name} ${by > 0 ? "+" : ""}${by}`);
  const more = all.length - shown.length;
  return `${shown.join("; ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
