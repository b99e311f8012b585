import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { styleText } from "node:util";
import { createProgress } from "../up/progress.ts";
import { type FuzzArguments, help, readArguments } from "./arguments.ts";
import { runBrokers } from "./brokers/run-brokers.ts";
import type { FuzzContext } from "./context.ts";
import { runDoors } from "./doors/run-doors.ts";
import { runOpenApi } from "./openapi/run-openapi.ts";
import { commandOf, pageOf } from "./page.ts";
import { runRaw } from "./raw/run-raw.ts";
import { holds, type Part, type Row } from "./row.ts";
import { tableLines } from "./table.ts";

const root = resolve(import.meta.dir, "..", "..");
const dataDir = resolve(root, process.env.DATA_DIR ?? ".data");
const findingsShown = 5;
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
  else process.exitCode = await run(args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
process.exit(interrupt.signal.aborted ? 130 : process.exitCode);

async function run(args: FuzzArguments): Promise<number> {
  using progress = createProgress(process.stderr);
  const { seed, isShort, json, page } = args;
  const context = { seed, isShort, signal: interrupt.signal, progress };
  const startedMs = performance.now();
  const rows: Row[] = [];
  for (const part of args.parts) {
    if (context.signal.aborted) break;
    // What the other parts found is not lost with one that cannot be run.
    const some = await runPart(part, args, context).catch((error) => [notRun(part, seed, error)]);
    tell(some, progress.say);
    rows.push(...some);
  }
  const tookMs = performance.now() - startedMs;
  keep(rows, progress.say);
  if (json !== undefined) {
    await Bun.write(json === "-" ? Bun.stdout : json, `${JSON.stringify(rows, undefined, 2)}\n`);
  }
  // A page of some of the parts would say less than the one that it takes the place of.
  if (page && !context.signal.aborted) {
    const text = pageOf(rows, { command: commandOf(args), date: new Date(), tookMs });
    writeFileSync(join(root, "docs", "fuzzing.md"), text);
  }
  const lines = tableLines(rows);
  const good = rows.length > 0 && rows.every(holds);
  const stream = json === "-" ? process.stderr : process.stdout;
  const verdict = styleText(good ? "green" : "red", lines.at(-1) ?? "", { stream });
  stream.write(`${[...lines.slice(0, -1), verdict].join("\n")}\n`);
  return good ? 0 : 1;
}

function runPart(
  part: Part,
  { doors, bodies, messages }: FuzzArguments,
  context: FuzzContext,
): Promise<readonly Row[]> {
  switch (part) {
    case "doors":
      return runDoors(context, { doors, bodies });
    case "raw":
      return runRaw(context);
    case "brokers":
      return runBrokers(context, messages);
    case "openapi":
      return runOpenApi(context);
  }
}

function notRun(part: Part, seed: number, error: unknown): Row {
  const what = `not run: ${error instanceof Error ? error.message : error}`;
  return {
    ...{ part, place: "all of it", sent: 0, taken: 0, refused: 0, other: 0, tookMs: 0 },
    ...{ notes: [], findings: [{ at: part, what, seed, index: 0 }], found: 1 },
  };
}

/** Tells figures and the first findings. */
function tell(rows: readonly Row[], say: (line: string) => void): void {
  for (const { place, notes, findings } of rows) {
    for (const each of notes) say(`  ${place}: ${each}`);
    for (const { what, seed, index } of findings.slice(0, findingsShown)) {
      say(`  ✗ ${place}: ${what} (seed ${seed}, number ${index})`);
    }
  }
}

/** Writes all findings to a file that stays. */
function keep(rows: readonly Row[], say: (line: string) => void): void {
  const all = rows.flatMap(({ findings }) => findings);
  if (all.length === 0) return;
  const folder = join(dataDir, "fuzz");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "findings.jsonl");
  writeFileSync(file, `${all.map((each) => JSON.stringify(each)).join("\n")}\n`);
  say(`  what was sent is in ${file}`);
}
