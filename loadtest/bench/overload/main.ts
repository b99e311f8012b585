import { cpus } from "node:os";
import { medians } from "../page/medians.ts";
import { type Row, table } from "../table.ts";
import { connectionRow, measureConnections } from "./measure-connections.ts";
import { measureRates, perSecond, rateRow } from "./measure-rates.ts";
import { type OverloadBench, readOptions, usage } from "./options.ts";
import { laptopTarget, systemTarget, type Target } from "./target.ts";

/** What is measured now. */
let current: Target | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // What was started must not outlive us.
  process.once(signal, async () => {
    await current?.[Symbol.asyncDispose]();
    process.exit(130);
  });
}

const say = (line: string) => console.error(line);

try {
  const options = readOptions(Bun.argv.slice(2));
  if (options === undefined) console.log(usage);
  else await bench(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

async function bench(options: OverloadBench): Promise<void> {
  const runs: { readonly figures: unknown; readonly rows: readonly Row[] }[] = [];
  for (let run = 0; run < options.runs; run++) {
    await using target = await (options.system ? systemTarget : laptopTarget)(options.rate);
    current = target;
    if (options.connections) {
      const figures = await measureConnections(target, options.seconds, say);
      runs.push({ figures, rows: figures.map(connectionRow) });
    } else {
      const figures = await measureRates(target, options.seconds, say);
      runs.push({ figures, rows: figures.map(rateRow) });
    }
  }
  const rows = medians(runs.map((each) => each.rows));
  if (options.json) {
    const figures = runs.map((each) => each.figures);
    console.log(JSON.stringify({ options, runs: figures, medians: rows }, null, 2));
    return;
  }
  const admitted = options.rate === 0 ? "no rate" : `${options.rate}/s admitted`;
  const where = options.system ? "the whole system" : "laptop mode";
  const what = options.connections
    ? "idle and slow connections"
    : `multiples of ${perSecond}/s, ${admitted}`;
  console.log(`${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, Bun ${Bun.version}\n`);
  console.log(
    table(
      `${where}: ${what}, ${options.seconds} s a step, medians of ${options.runs} run(s)`,
      rows,
    ),
  );
}
