import { resolve } from "node:path";
import { createProgress } from "../up/progress.ts";
import { type E2eArguments, help, readArguments } from "./arguments.ts";
import { chartNames, readChart } from "./chart-under-test.ts";
import { type Outcome, tableLines } from "./table.ts";
import { tryChart } from "./try-chart.ts";

const root = resolve(import.meta.dir, "..", "..");
const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => interrupt.abort(new Error(`stopped by ${signal}`)));
}

try {
  const args = readArguments(Bun.argv.slice(2));
  if (args === undefined) process.stdout.write(help);
  else process.exitCode = (await tryAll(args)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = interrupt.signal.aborted ? 130 : 2;
}

/** Whether every check passed. */
async function tryAll(args: E2eArguments): Promise<boolean> {
  const { signal } = interrupt;
  using progress = createProgress(process.stderr);
  const dist = resolve(root, args.dist);
  const names = args.charts.length === 0 ? chartNames(dist) : args.charts;
  // All are read before the first is tried: a misspelt name is no reason to wait.
  const charts = names.map((name) => readChart(dist, name));
  if (Bun.which("kubectl") === null) {
    throw new Error("Cannot reach a cluster: kubectl is not in PATH");
  }
  const outcomes: Outcome[] = [];
  for (const chart of charts) {
    outcomes.push(...(await tryChart(chart, args, { progress, signal })));
  }
  console.log(tableLines(outcomes).join("\n"));
  return outcomes.every(({ result }) => result !== "FAILED");
}
