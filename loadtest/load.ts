import { styleText } from "node:util";
import { progressBar } from "../lib/progress-bar.ts";
import { jsonReport } from "./json-report.ts";
import { readOptions, usage } from "./options.ts";
import { holds, reportLines } from "./report.ts";
import { runLoad } from "./run-load.ts";

const interrupt = new AbortController();
// Once: a second Ctrl-C ends the process as usual.
process.once("SIGINT", () => {
  console.error(
    "\nInterrupted: waiting for the replies that are due (Ctrl-C again to stop at once)",
  );
  interrupt.abort();
});
try {
  const options = readOptions(Bun.argv.slice(2));
  if (options === undefined) {
    console.log(usage);
    process.exit(0);
  }
  const { json, requests } = options;
  const result = await runLoad(
    { ...options, apiKey: process.env.API_KEY || undefined, signal: interrupt.signal },
    progressBar(requests, process.stderr),
  );
  const good = holds(result);
  const lines = reportLines(result);
  const stream = json === "-" ? process.stderr : process.stdout;
  const verdict = styleText(good ? "green" : "red", lines.at(-1) ?? "", { stream });
  stream.write(`${[...lines.slice(0, -1), verdict].join("\n")}\n`);
  if (json !== undefined) await Bun.write(json === "-" ? Bun.stdout : json, jsonReport(result));
  process.exitCode = result.interrupted ? 130 : good ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error("See bun run load --help; is the pipeline up (npm start, npm run up)?");
  process.exitCode = 2;
}
