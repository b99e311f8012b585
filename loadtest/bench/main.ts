import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { benchChain } from "./chain.ts";
import { benchConsumer, benchWait } from "./consumer.ts";
import { benchLaptop } from "./laptop.ts";
import { table } from "./table.ts";

const usage = `Measures the whole chain, a consumer and laptop mode, and prints Markdown tables.

usage: bun run bench [seconds a measurement]      (10)

It installs and starts real Kafka, RabbitMQ and Valkey. Load and servers share this machine: read ratios, not rates.`;

const [argument = "10"] = Bun.argv.slice(2);
const seconds = Number(argument);
if (!(seconds >= 1 && seconds <= 600)) {
  console.log(usage);
  process.exit(argument === "--help" ? 0 : 2);
}

const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-bench-"));
const say = (line: string) => console.error(line);
try {
  const [cpu] = cpus();
  console.log(
    `${cpus().length} × ${cpu?.model ?? "CPU"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Bun ${Bun.version}\n`,
  );
  console.log(
    table("HTTP to both brokers confirmed, hop by hop", await benchChain(dir, seconds, say)),
  );
  console.log(table("Backlog of a lane into Valkey", await benchConsumer(dir, say)));
  console.log(table("The same into three servers under sentinels", await benchWait(dir, say)));
  console.log(table("Laptop mode, durable", await benchLaptop(dir, seconds, say)));
} finally {
  rmSync(dir, { recursive: true, force: true });
}
