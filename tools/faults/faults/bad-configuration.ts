import { join } from "node:path";
import { freePort } from "../../parts/ports.ts";
import { runProgram } from "../../run-program.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { plain } from "../rigs.ts";

const exitConfig = 78;
const startMs = 10_000;
const services = join(import.meta.dir, "..", "..", "..", "services");

/** A place that can be taken: what is wrong beside it is found later. */
const writer = { STATION: "clima-app/writer", WRITER_TARGET: "kafka" };

/** A service, variables that cannot be used, and how each is named in the fault that tells of it. */
const cases: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["relay", { STATION: "clima-app/nowhere", PORT: "eighty", DEADLINE_MS: "0" }],
  ["relay", { STATION: "", KAFKA_BROKERS: "no port at all", RABBIT_URL: "http://x" }],
  ["relay", { KAFKA_USERNAME: "somebody", ...writer }],
  ["consumer", { STATION: "clima-app/api", IDS_MAX: "-5", REDIS_DB: "first" }],
  ["board", { PIPELINE: "weather", PORT: "70000", MONGO_URL: "http://x" }],
];

/** A configuration that cannot be used ends the start, with every fault named. */
export const badConfiguration: Fault = {
  numbers: [30],
  name: "bad-configuration",
  title: "bad configuration: exit 78 with every fault named",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 20,
  strike: async (context) => {
    for (const [service, env] of cases) await refused(context, service, env);
    context.note(`${cases.length} starts`);
  },
};

async function refused(
  { miss, signal }: FaultContext,
  service: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const { code, stdout, stderr } = await runProgram({
    command: [process.execPath, join(services, service, "main.ts")],
    env: { ...env, ADMIN_PORT: `${await freePort()}` },
    timeoutMs: startMs,
    signal,
  });
  const told = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  if (code !== exitConfig) miss(`${service} with ${told.join(" ")}: exit ${code}, expected 78`);
  const right = Object.entries(writer).map(([name, value]) => `${name}=${value}`);
  const wrong = told
    .filter((each) => !right.includes(each))
    .map((each) => each.split("=")[0] ?? "");
  for (const name of wrong) {
    if (!`${stdout}${stderr}`.includes(name)) miss(`${service} does not name ${name}`);
  }
}
