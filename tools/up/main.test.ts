import { describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../lib/testing/until.ts";
import { freePort, isFree } from "../parts/ports.ts";
import { isAlive } from "../parts/process-group.ts";
import { parts } from "../parts/testing.ts";
import { readState } from "./run-state.ts";

const real = parts;
const timeoutMs = 120_000;
const main = join(import.meta.dir, "main.ts");

/** The command line in a run folder of its own; whatever it started ends with it. */
async function commandLine(programs: string) {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-"));
  const env = {
    ...process.env,
    PARTS_DIR: programs,
    RUN_DIR: dir,
    PORT: `${await freePort()}`,
    GRPC_PORT: `${await freePort()}`,
  };
  const run = async (...args: string[]) => {
    const child = Bun.spawn([process.execPath, main, ...args], { env, stderr: "pipe" });
    const [output, errors, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { output, errors, code };
  };
  return {
    dir,
    url: `http://127.0.0.1:${env.PORT}`,
    run,
    async [Symbol.asyncDispose]() {
      await run("down");
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

test("--help lists what runs, and the variables", async () => {
  await using cli = await commandLine("unused");
  const { output, code } = await cli.run("up", "--help");
  expect(code).toBe(0);
  expect(output).toContain("kafka1");
  expect(output).toContain("GRPC_PORT");
});

test("a taken port is named with its variable, and nothing is left", async () => {
  await using cli = await commandLine("unused");
  using server = Bun.serve({ port: Number(new URL(cli.url).port), fetch: () => new Response() });
  const { errors, code } = await cli.run("up", "--local");
  expect(code).toBe(1);
  expect(errors).toContain(`port ${server.port}: something else does: set PORT`);
  expect(existsSync(cli.dir)).toBe(false);
});

describe.skipIf(!real)("the command line with real servers", () => {
  if (!real) return;

  test(
    "up --detach serves, up again names the running one, a killed process heals, down leaves nothing",
    async () => {
      await using cli = await commandLine(real.dir);
      const up = await cli.run("up", "--local", "--detach");
      expect(up.code).toBe(0);
      expect(up.output).toContain(`curl ${cli.url}/clima-app/clima`);
      expect(await (await fetch(cli.url)).text()).toBe("hola");
      const state = readState(cli.dir);
      if (!state) throw new Error(`Cannot read the state of ${cli.dir}: there is none`);

      const second = await cli.run("up", "--local");
      expect(second.code).toBe(1);
      expect(second.errors).toContain(`process ${state.pid} runs it already`);

      const pidOf = (name: string) =>
        readState(cli.dir)?.processes.find((entry) => entry.name === name)?.pid;
      const api = pidOf("clima-app-api") ?? 0;
      expect(isAlive(api, undefined)).toBe(true);
      process.kill(api, "SIGKILL");
      await until("a new api", () => ![api, undefined].includes(pidOf("clima-app-api")));
      expect(await (await fetch(cli.url)).text()).toBe("hola");

      const processes = readState(cli.dir)?.processes ?? [];
      expect(processes).toHaveLength(24);
      expect((await cli.run("down")).code).toBe(0);
      for (const { pid = 0, ports, adminPort } of processes) {
        expect(isAlive(pid, undefined)).toBe(false);
        for (const port of [...Object.values(ports), adminPort].flatMap((each) => each ?? [])) {
          expect(await isFree(port)).toBe(true);
        }
      }
      expect(existsSync(cli.dir)).toBe(false);
    },
    timeoutMs,
  );
});
