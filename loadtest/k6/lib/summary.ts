import { plotLines } from "../../latency.ts";
import { failureKinds, rowName } from "./measures.ts";
import type { Settings } from "./settings.ts";

/** What k6 hands to `handleSummary`, as far as it is read here. */
export interface SummaryData {
  readonly metrics: Readonly<
    Record<string, { readonly values: Readonly<Record<string, number>> } | undefined>
  >;
}

/** The run as text that people read; the last line is the verdict. */
export function summaryText(
  pipeline: string,
  paths: readonly string[],
  settings: Settings,
  rows: number,
  { metrics }: SummaryData,
): string {
  const value = (metric: string, key: string) => metrics[metric]?.values[key] ?? 0;
  const per = (key: string) => value("reply_time", key).toFixed(1);
  const failures = failureKinds.map((kind) => [kind, value(kind, "count")] as const);
  const failed = failures.reduce((sum, [, count]) => sum + count, 0);
  const unknown = value("unavailable", "count") + value("no_answer", "count");
  const counts = Array.from({ length: rows }, (_, row) => value(rowName(row), "count"));
  const sent = value("reply_time", "count");
  const acknowledged = value("acknowledged", "count");
  const cutOff = value("begun", "count") - sent;
  const lines = [
    `pipeline      ${pipeline}: POST ${paths.join(", ")} at ${settings.baseUrl} by ${settings.users} users`,
    `sent          ${sent} of ${settings.requests} (${Math.round(value("iterations", "rate"))}/s, set-up and check included)`,
    `latency       p50 ${per("med")}  p90 ${per("p(90)")}  p95 ${per("p(95)")}  p99 ${per("p(99)")}  max ${per("max")} ms`,
    ...plotLines(counts),
    `acknowledged  ${acknowledged}, failed ${failed} (of unknown effect ${unknown})`,
    ...failures
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => `error         ${count} × ${kind.replace("_", " ")}`),
    ...(cutOff > 0 ? [`cut off       ${cutOff} by the end of the run, of unknown effect`] : []),
    ...checkLines(metrics, settings, { acknowledged, failed, cutOff }),
  ];
  return `\n${lines.join("\n")}\n\n`;
}

function checkLines(
  metrics: SummaryData["metrics"],
  { boardUrl }: Settings,
  { acknowledged, failed, cutOff }: Readonly<Record<"acknowledged" | "failed" | "cutOff", number>>,
): readonly string[] {
  const gauge = (name: string) => metrics[name]?.values.value ?? 0;
  if (metrics.stored === undefined) {
    return [`Not checked: no board answers at ${boardUrl}, so nobody says what was stored.`];
  }
  const difference = gauge("stored") - acknowledged;
  return [
    `stored        ${gauge("stored")}, in flight ${gauge("in_flight")}`,
    `duplicates    ${gauge("duplicates")} suppressed, dead letters ${gauge("dead_lettered")}`,
    `difference    ${difference > 0 ? "+" : ""}${difference}`,
    failed === 0 && difference >= 0 && difference <= cutOff
      ? "Every event that was answered is acknowledged and stored once."
      : "NOT every event is acknowledged and stored once: see above.",
  ];
}
