import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { styleText } from "node:util";
import { createProgress } from "../up/progress.ts";
import { allFaults } from "./all-faults.ts";
import { type FaultArguments, help, readArguments } from "./arguments.ts";
import { chosenTrials } from "./chosen-trials.ts";
import { killAny } from "./kill-any.ts";
import { listLines } from "./list.ts";
import { commandOf, pageOf } from "./page.ts";
import { runAll } from "./run-all.ts";
import { holds, tableLines } from "./table.ts";

const root = resolve(import.meta.dir, "..", "..");
const dataDir = resolve(root, process.env.DATA_DIR ?? ".data");
// For this process alone: the services shall have what they have elsewhere.
delete process.env.BUN_CONFIG_MAX_HTTP_REQUESTS;
const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    console.error(`stopping: ${signal}`);
    interrupt.abort(new Error(`stopped by ${signal}`));
  });
}

try {
  const args = readArguments(Bun.argv.slice(2));
  if (args === undefined) process.stdout.write(help);
  else if (args.list) console.log(listLines(allFaults).join("\n"));
  else process.exitCode = await run(args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
process.exit(interrupt.signal.aborted ? 130 : process.exitCode);

async function run(args: FaultArguments): Promise<number> {
  using progress = createProgress(process.stderr);
  const { signal } = interrupt;
  const { killAny: rounds, rate, seed, restart } = args;
  if (rounds !== undefined) {
    const options = { rounds, rate, seed, restart, dataDir, progress, signal };
    return (await killAny(options)) ? 0 : 1;
  }
  const trials = chosenTrials(allFaults, args);
  const startedMs = performance.now();
  const rows = await runAll(trials, { short: args.short, dataDir, progress, signal });
  const tookMs = performance.now() - startedMs;
  const { json } = args;
  if (json !== undefined) {
    await Bun.write(json === "-" ? Bun.stdout : json, `${JSON.stringify(rows, undefined, 2)}\n`);
  }
  // A page of some of the faults would say less than the one that it takes the place of.
  if (args.page && !signal.aborted) {
    const page = pageOf(rows, { command: commandOf(args), date: new Date(), tookMs });
    writeFileSync(join(root, "docs", "faults.md"), page);
  }
  const lines = tableLines(rows);
  const good = rows.length > 0 && rows.every(holds);
  const stream = json === "-" ? process.stderr : process.stdout;
  const verdict = styleText(good ? "green" : "red", lines.at(-1) ?? "", { stream });
  stream.write(`${[...lines.slice(0, -1), verdict].join("\n")}\n`);
  return good ? 0 : 1;
}
