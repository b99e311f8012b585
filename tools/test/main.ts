import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCounts } from "./junit-counts.ts";
import { type RealParts, startRealParts } from "./real-parts.ts";

/*
 * npm test: sets up real Kafka, RabbitMQ and Valkey and a stand-in for MongoDB, runs every test, and ends with `N passed, N failed, N skipped`.
 * Where the servers cannot be had it says so and the tests that need them are skipped; under CI=true that is a failure.
 */
const strict = process.env.CI === "true";
const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-test-"));
const report = join(dir, "junit.xml");

const parts = await startRealParts().catch((error: unknown) => {
  console.error(`\n!!! Tests against real servers are SKIPPED: ${String(error)}\n`);
  return undefined;
});
const code = await runTests(parts);
await parts?.[Symbol.asyncDispose]();

const { passed, failed, skipped } = await readCounts(report);
rmSync(dir, { recursive: true, force: true });
const missing = strict && (parts === undefined || skipped > 0);
if (missing) console.error("CI needs every test: none may be skipped.");
console.log(`${passed} passed, ${failed + (missing ? skipped : 0)} failed, ${skipped} skipped`);
process.exit(code === 0 && !missing && failed === 0 && passed > 0 ? 0 : 1);

async function runTests(real: RealParts | undefined): Promise<number> {
  const child = Bun.spawn(
    [
      process.execPath,
      "test",
      "--timeout=120000",
      "--reporter=junit",
      `--reporter-outfile=${report}`,
      ...Bun.argv.slice(2),
    ],
    {
      stdio: ["ignore", "inherit", "inherit"],
      // Temporary folders of tests that are killed end with ours.
      env: { ...process.env, ...real?.env, TMPDIR: dir },
    },
  );
  const stop = (signal: NodeJS.Signals) => child.kill(signal);
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return child.exited;
}
