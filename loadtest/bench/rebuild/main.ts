import { pipelineOf } from "../../../lib/pipeline/find-station.ts";
import { pipelines } from "../../../pipelines/all.ts";
import { table } from "../table.ts";
import { benchRebuild } from "./bench-rebuild.ts";

const usage = `Publishes events to a topic, folds them, folds them anew beside, and prints a Markdown table.

usage: bun run bench:rebuild [events] [pipeline]      (1000000 clima-app)

It installs and starts real Kafka and Valkey. All of it shares this machine: read ratios, not rates.`;

const [argument = "1000000", name = "clima-app"] = Bun.argv.slice(2);
const count = Number(argument);
if (!(count >= 1_000 && count <= 10_000_000)) {
  console.log(usage);
  process.exit(argument === "--help" ? 0 : 2);
}
const rows = await benchRebuild(pipelineOf(pipelines)(name), count, (line) => console.error(line));
console.log(table("A store folded anew", rows));
process.exit(0);
