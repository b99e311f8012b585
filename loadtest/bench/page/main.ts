import { constants, cpus, setPriority } from "node:os";
import { resolve } from "node:path";
import { findChromium, launchChromium } from "../../../services/board/web/testing/chromium.ts";
import { ensurePage } from "../../../tools/page/ensure-page.ts";
import { table } from "../table.ts";
import { measureViews, type ViewFigures } from "./measure.ts";
import { medians, rowOf } from "./medians.ts";
import { type PageBench, readOptions, usage } from "./options.ts";

const root = resolve(import.meta.dir, "..", "..", "..");
const say = (line: string) => console.error(line);

try {
  const options = readOptions(Bun.argv.slice(2));
  if (options === undefined) console.log(usage);
  else await bench(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

async function bench(options: PageBench): Promise<void> {
  const chromium = findChromium(process.env.CHROMIUM);
  if (chromium === undefined) {
    throw new Error("Cannot open the page: no Chromium is installed; set CHROMIUM to one");
  }
  await ensurePage({ root, say });
  await using browser = await launchChromium(chromium);
  // A page has a machine of its own: load and servers, which begin after it, leave it the processors.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const runs: (readonly ViewFigures[])[] = [];
  for (let run = 0; run < options.runs; run++) {
    runs.push(await measureViews(browser, options, say));
  }
  const rows = medians(runs.map((views) => views.map(rowOf)));
  if (options.json) {
    console.log(JSON.stringify({ options, runs, medians: rows }, null, 2));
    return;
  }
  const what = `${options.rate} events/s for ${options.seconds} s, ${options.runs} run(s), medians`;
  console.log(`${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, Bun ${Bun.version}\n`);
  console.log(table(`The page under ${what}`, rows));
}
