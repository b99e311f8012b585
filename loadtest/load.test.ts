import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../tools/parts/ports.ts";
import { readOptions, usage } from "./options.ts";
import { holds, reportLines } from "./report.ts";
import { type LoadResult, runLoad } from "./run-load.ts";

const load = join(import.meta.dir, "load.ts");

/** Runs `bun run load` with these arguments to its end. */
async function run(...args: readonly string[]) {
  const child = Bun.spawn([process.execPath, load, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [output, errors, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { output, errors, code };
}

async function laptop() {
  const dir = mkdtempSync(join(tmpdir(), "load-"));
  const [http, grpc] = await freePorts(2);
  const main = join(import.meta.dir, "../services/all-in-one/main.ts");
  const child = Bun.spawn([process.execPath, main], {
    env: { ...process.env, PORT: `${http}`, GRPC_PORT: `${grpc}`, DATA_DIR: dir },
    stdio: ["ignore", "pipe", "inherit"],
  });
  // It speaks when it answers.
  await child.stdout.getReader().read();
  return {
    url: `http://127.0.0.1:${http}`,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await child.exited;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

test("bun run load compares what was acknowledged with what is stored, with clients' keys and without", async () => {
  await using target = await laptop();
  for (const more of [[], ["--no-keys"]]) {
    const { output, errors, code } = await run("--url", target.url, "--requests", "600", ...more);
    expect(output).toContain("acknowledged  600, failed 0");
    expect(output).toContain("stored        600");
    expect(output).toContain("duplicates    600 suppressed");
    expect(output).toContain("Every tweet that was acknowledged has exactly one effect.");
    expect(errors).toContain("600/600");
    expect(code).toBe(0);
  }
}, 30_000);

test("a tweet that somebody else sends beside the load is a difference", async () => {
  await using target = await laptop();
  let other: Promise<unknown> | undefined;
  const options = { url: new URL(target.url), requests: 200, users: 5, keys: true, drainMs: 5_000 };
  const result = await runLoad(options, () => {
    other ??= fetch(`${target.url}/clima`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"municipality":4,"temperature":20,"humidity":50,"weather":1}',
    });
  });
  await other;
  expect(result.differences).toEqual({ Chinautla: 1 });
  expect(holds(result)).toBe(false);
}, 30_000);

test("bun run load ends with 2 and a hint where nothing answers", async () => {
  const [port] = await freePorts(1);
  const { errors, code } = await run("--url", `http://127.0.0.1:${port}`, "--requests", "1");
  expect(errors).toContain("is the pipeline up");
  expect(code).toBe(2);
}, 30_000);

test("bun run load explains itself", async () => {
  expect((await run("--help")).output.trim()).toBe(usage);
  expect(() => readOptions(["--users", "0"])).toThrow(
    "Cannot use --users: must be a whole number from 1 to 10000: current value is 0",
  );
  expect(() => readOptions(["--url", "nowhere"])).toThrow("Cannot use --url");
});

test("a missing id is named as what it is", () => {
  const ledger = {
    accepted: 2,
    stored: 1,
    duplicates: 0,
    deadLettered: 0,
    inFlight: 0,
    closes: true,
    lanes: {},
  };
  const result: LoadResult = {
    requests: 2,
    acknowledged: 2,
    repeated: 0,
    failures: [],
    unknown: 0,
    tookMs: 1,
    drainedMs: 1,
    latenciesMs: [1, 2],
    missing: ["an id"],
    differences: { Mixco: -1 },
    before: ledger,
    ledger,
  };
  expect(holds(result)).toBe(false);
  expect(reportLines(result).join("\n")).toContain("differences   Mixco -1");
  expect(reportLines(result).at(-1)).toContain("NOT every tweet");
});
