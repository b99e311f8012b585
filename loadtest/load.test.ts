import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keysFile, testKey } from "../lib/auth/testing/keys.ts";
import { until } from "../lib/testing/until.ts";
import { freePorts } from "../tools/parts/ports.ts";
import { runProgram } from "../tools/run-program.ts";
import { mixNames } from "./mixes/find-mix.ts";
import { usage } from "./options.ts";
import { holds, reportLines } from "./report.ts";
import { runLoad } from "./run-load.ts";
import { laptop } from "./testing/laptop.ts";

const load = join(import.meta.dir, "load.ts");
const run = (...args: readonly string[]) =>
  runProgram({ command: [process.execPath, load, ...args], timeoutMs: 60_000 });
const good = "Every event that was sent is acknowledged and has exactly one effect.";
const json = { "content-type": "application/json" };

let target: Awaited<ReturnType<typeof laptop>>;
const dir = mkdtempSync(join(tmpdir(), "load-files-"));
beforeAll(async () => {
  target = await laptop();
});
afterAll(async () => {
  await target[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true, force: true });
});

/** Writes a file of votes. */
async function votes(name: string, rows: readonly object[]): Promise<string> {
  const file = join(dir, name);
  await Bun.write(file, JSON.stringify(rows));
  return file;
}

for (const pipeline of mixNames) {
  test(`bun run load compares what ${pipeline} acknowledged with what it stored, with clients' keys and without`, async () => {
    for (const more of [[], ["--no-keys"]]) {
      const args = ["--pipeline", pipeline, "--url", target.url, "--requests", "300", ...more];
      const { stdout: output, stderr: errors, code } = await run(...args);
      expect(output).toContain("acknowledged  300, failed 0");
      expect(output).toContain("stored        300, all of them");
      expect(output).toContain("differences   none in total, ");
      expect(output).toContain(" █");
      expect(output).toContain(good);
      expect(errors).toContain("300/300");
      expect(code).toBe(0);
    }
  }, 30_000);
}

test("bun run load sends the key of API_KEY where one is needed; without it every event is refused", async () => {
  const { key, line } = testKey("load");
  using keys = keysFile(line);
  await using keyed = await laptop(undefined, { API_KEYS_FILE: keys.file });
  const command = [process.execPath, load, "--url", keyed.url, "--requests", "50"];
  const [refused, sent] = [
    await runProgram({ command, timeoutMs: 30_000 }),
    await runProgram({ command, env: { API_KEY: key }, timeoutMs: 30_000 }),
  ];
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining("acknowledged  0")]);
  expect(refused.stdout).toContain("401 API key needed");
  expect([sent.code, sent.stdout]).toEqual([0, expect.stringContaining("acknowledged  50")]);
}, 60_000);

test("every vote of the file is sent once, by the route that is asked for", async () => {
  const file = join(dir, "result.json");
  const args = ["--pipeline", "votaciones", "--route", "grpc", "--url", target.url, "--json", file];
  expect((await run(...args)).code).toBe(0);
  const result = await Bun.file(file).json();
  expect(result).toMatchObject({
    paths: ["/grpc/insert"],
    requests: 1_000,
    acknowledged: 1_000,
    holds: true,
    differences: {},
  });
  expect(result.ledger.stored - result.before.stored).toBe(1_000);
}, 30_000);

test("an event that somebody else sends beside the load is a difference", async () => {
  let other: Promise<unknown> | undefined;
  const options = { url: new URL(target.url), requests: 200, users: 5, keys: true, drainMs: 5_000 };
  const result = await runLoad(options, () => {
    other ??= fetch(`${target.url}/clima`, {
      method: "POST",
      headers: json,
      body: '{"municipality":4,"temperature":20,"humidity":50,"weather":1}',
    });
  });
  await other;
  expect(result.differences).toEqual({
    total: 1,
    "reports:municipality Chinautla": 1,
    "reports:weather Soleado": 1,
  });
  expect(holds(result)).toBe(false);
  expect(reportLines(result).join("\n")).toContain(
    "differences   total +1; reports:municipality Chinautla +1; reports:weather Soleado +1",
  );
}, 30_000);

test("what a door acknowledged and nobody stored is missing", async () => {
  using door = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => new Response("", { headers: { "idempotency-key": Bun.randomUUIDv7() } }),
  });
  const { stdout: output, code } = await run(
    ...["--url", `${door.url}`, "--board", target.url, "--requests", "3", "--drain", "1"],
  );
  expect(output).toContain("acknowledged  3, failed 0");
  expect(output).toContain("stored        0\n");
  expect(output).toContain("missing       3: ");
  expect(output).toContain("differences   total -3; ");
  expect(code).toBe(1);
}, 30_000);

test("a refused event is counted under its reason, and the run does not hold", async () => {
  const vote = { name: "Queen", album: "The Game", year: "1980", rank: "1" };
  const file = await votes("refused.json", [vote, { ...vote, name: "" }, vote]);
  const { stdout: output, code } = await run(
    ...["--pipeline", "votaciones", "--votes", file, "--url", target.url],
  );
  expect(output).toContain("acknowledged  2, failed 1 (of unknown effect 0)");
  expect(output).toMatch(/^error {9}1 × 422 invalid fields: .*name/m);
  expect(output).toContain("differences   none");
  expect(output).toContain("NOT every event");
  expect(code).toBe(1);
}, 30_000);

test("Ctrl-C ends the run early, checks what was sent and exits 130", async () => {
  const args = ["--url", target.url, "--requests", "1000000", "--users", "2", "--json"];
  const child = Bun.spawn([process.execPath, load, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const before = await stored();
  await until("events of the run", async () => (await stored()) > before, { timeoutMs: 20_000 });
  child.kill("SIGINT");
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  const result = JSON.parse(output);
  expect(result).toMatchObject({ interrupted: true, holds: true, failed: 0 });
  expect(result.requests).toBeWithin(1, 1_000_000);
  expect(errors).toContain("Interrupted: this is what is known so far.");
  expect(await child.exited).toBe(130);
}, 30_000);

async function stored(): Promise<number> {
  const ledger = await fetch(`${target.url}/api/clima-app/ledger`);
  return ((await ledger.json()) as { stored: number }).stored;
}

test("bun run load ends with 2 and a hint where nothing answers", async () => {
  const [port] = await freePorts(1);
  const { stderr: errors, code } = await run(
    "--url",
    `http://127.0.0.1:${port}`,
    "--requests",
    "1",
  );
  expect(errors).toContain("is the pipeline up");
  expect(code).toBe(2);
}, 30_000);

test("bun run load explains itself", async () => {
  expect((await run("--help")).stdout.trim()).toBe(usage);
}, 30_000);
