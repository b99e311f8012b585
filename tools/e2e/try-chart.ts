import type { Progress } from "../up/progress.ts";
import type { E2eArguments } from "./arguments.ts";
import type { ChartUnderTest } from "./chart-under-test.ts";
import type { Check, CheckContext } from "./check.ts";
import { autoscale } from "./checks/autoscale.ts";
import { grpcThrough } from "./checks/grpc-through.ts";
import { k6Job } from "./checks/k6-job.ts";
import { loadTool } from "./checks/load-tool.ts";
import { locustPage } from "./checks/locust-page.ts";
import { locustRun } from "./checks/locust-run.ts";
import { pageShown } from "./checks/page-shown.ts";
import { podsDeleted } from "./checks/pods-deleted.ts";
import { podsReady } from "./checks/pods-ready.ts";
import { primaryReplaced } from "./checks/primary-replaced.ts";
import { brokersRolled, rolled } from "./checks/rolled.ts";
import { storeSurvives } from "./checks/store-survives.ts";
import { strangersRefused } from "./checks/strangers-refused.ts";
import { kubectl } from "./kubectl.ts";
import type { Outcome } from "./table.ts";

/** In this order: autoscaling while nothing has scaled yet, then what looks, what loads, what breaks. */
const checks: readonly Check[] = [
  podsReady,
  autoscale,
  strangersRefused,
  locustPage,
  pageShown,
  grpcThrough,
  loadTool,
  k6Job,
  locustRun,
  rolled,
  brokersRolled,
  podsDeleted,
  primaryReplaced,
  storeSurvives,
];

const removeMs = 180_000;

/**
 * Applies a chart, runs every check on it and deletes its namespace. Where the pods do not become ready, the other checks
 * are not run.
 *
 * @throws Error where the namespace is there already.
 */
export async function tryChart(
  chart: ChartUnderTest,
  args: E2eArguments,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<readonly Outcome[]> {
  const cluster = kubectl(chart.namespace, signal);
  if (!args.existing && (await cluster.find("namespace", chart.namespace)) !== undefined) {
    throw new Error(
      `Cannot try ${chart.name}: its namespace is there, and would be worked on and deleted: current value is ${chart.namespace}: see --existing`,
    );
  }
  const outcomes: Outcome[] = [];
  try {
    await cluster.apply(chart.file);
    for (const check of chosen(args.checks)) {
      const context = { ...args, chart, cluster, signal, say: onChange(progress.say) };
      const outcome = await runCheck(check, context, progress);
      outcomes.push(outcome);
      if (outcome.result === "FAILED" && check === podsReady) break;
    }
  } finally {
    // Even when it was interrupted: without the signal.
    if (!args.keep) await kubectl(chart.namespace).remove("namespace", chart.namespace, removeMs);
  }
  return outcomes;
}

/** That the pods are ready is what every other check builds on. */
function chosen(words: readonly string[]): readonly Check[] {
  const wanted = (check: Check) => words.some((word) => check.name.includes(word));
  return words.length === 0 ? checks : checks.filter((each) => each === podsReady || wanted(each));
}

async function runCheck(
  check: Check,
  context: CheckContext,
  { say, onProgress }: Progress,
): Promise<Outcome> {
  const startMs = performance.now();
  const step = `${context.chart.name}: ${check.name}`;
  const named = { chart: context.chart.name, check: check.name };
  const lacked = check.lacks?.(context.chart);
  if (lacked !== undefined) return { ...named, result: "lacks it", figures: lacked, tookMs: 0 };
  onProgress(step, "running", 0);
  const outcome = await check.run(context).then(
    (figures) => ({ figures, result: "ok" as const }),
    (error: unknown) => {
      context.signal.throwIfAborted();
      const figures = error instanceof Error ? error.message : String(error);
      return { figures, result: "FAILED" as const };
    },
  );
  const tookMs = performance.now() - startMs;
  onProgress(step, outcome.result === "ok" ? "done" : "failed", tookMs);
  say(outcome.figures);
  return { ...named, ...outcome, tookMs };
}

/** The same, but silent while it is told the same again. */
function onChange(say: (text: string) => void): (text: string) => void {
  let last = "";
  return (text) => {
    if (text !== last) say(`  ${text}`);
    last = text;
  };
}
