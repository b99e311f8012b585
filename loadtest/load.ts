import { readOptions, usage } from "./options.ts";
import { progressBar } from "./progress.ts";
import { holds, reportLines } from "./report.ts";
import { runLoad } from "./run-load.ts";

try {
  const options = readOptions(Bun.argv.slice(2));
  if (options === undefined) {
    console.log(usage);
    process.exit(0);
  }
  const result = await runLoad(options, progressBar(options.requests, process.stderr));
  console.log(reportLines(result).join("\n"));
  process.exit(holds(result) ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error("See bun run load --help; is the pipeline up (npm start, npm run up)?");
  process.exit(2);
}
