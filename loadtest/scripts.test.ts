import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { keysFile, testKey } from "../lib/auth/testing/keys.ts";
import { findK6, findLocust } from "../tools/parts/load-tools.ts";
import { runProgram } from "../tools/run-program.ts";
import { laptop } from "./testing/laptop.ts";

/** What a script may take. */
const scriptMs = 30_000;

/** The load tools, and how each runs a script of a folder beside this file. */
const tools = [
  {
    name: "Locust",
    program: await findLocust(),
    way: "no locust on PATH, LOCUST names none, and there are no real servers to install it beside",
    run: (program: string, pipeline: string, env: Readonly<Record<string, string>>) =>
      runProgram({
        command: [
          ...[program, "--headless", "-u", "10", "-r", "10", "-L", "WARNING", "--only-summary"],
          ...["-f", join(import.meta.dir, "locust", `${pipeline.replace("-", "_")}.py`)],
          ...["--host", env.BASE_URL ?? ""],
        ],
        env: { PYTHONDONTWRITEBYTECODE: "1", ...env },
        timeoutMs: scriptMs,
      }),
  },
  {
    name: "k6",
    program: findK6(),
    way: "no k6 on PATH, and K6 names none",
    run: (program: string, pipeline: string, env: Readonly<Record<string, string>>) =>
      runProgram({
        command: [program, "run", "--quiet", join(import.meta.dir, "k6", `${pipeline}.ts`)],
        env: { K6_NO_USAGE_REPORT: "true", ...env },
        timeoutMs: scriptMs,
      }),
  },
];

for (const { name, program, way, run } of tools) {
  if (program === undefined) {
    console.error(`!!! The ${name} scripts are not run: ${way}`);
    continue;
  }

  describe(`the ${name} script`, () => {
    let target: Awaited<ReturnType<typeof laptop>>;
    beforeAll(async () => {
      target = await laptop();
    });
    afterAll(() => target[Symbol.asyncDispose]());

    for (const pipeline of ["clima-app", "proyecto3"]) {
      test(
        `for ${pipeline} makes as many requests as asked and finds all of them stored`,
        async () => {
          const env = { BASE_URL: target.url, PAUSE: "0", REQUESTS: "100", CHECK: "require" };
          const { stdout: output, code } = await run(program, pipeline, env);
          expect(output).toContain("acknowledged  100, failed 0");
          expect(output).toContain("stored        100, in flight 0");
          expect(output).toContain("difference    0");
          expect(code).toBe(0);
        },
        scriptMs,
      );
    }

    test(
      "for votaciones sends every vote once, then ends",
      async () => {
        const env = { BASE_URL: target.url, PAUSE: "0", CHECK: "require" };
        const { stdout: output, code } = await run(program, "votaciones", env);
        expect(output).toContain("acknowledged  1000, failed 0");
        const state = await fetch(`${target.url}/api/votaciones/state`);
        expect(await state.json()).toMatchObject({ total: "1000" });
        expect(code).toBe(0);
      },
      scriptMs,
    );

    test(
      "sends the key of API_KEY where one is needed",
      async () => {
        const { key, line } = testKey("load");
        using keys = keysFile(line);
        await using keyed = await laptop(undefined, { API_KEYS_FILE: keys.file });
        const env = { BASE_URL: keyed.url, PAUSE: "0", REQUESTS: "20", CHECK: "require" };
        for (const pipeline of ["clima-app", "proyecto3", "votaciones"]) {
          const { stdout: output, code } = await run(program, pipeline, { ...env, API_KEY: key });
          expect([pipeline, output]).toEqual([
            pipeline,
            expect.stringContaining("acknowledged  20, failed 0"),
          ]);
          expect(code).toBe(0);
        }
        expect((await run(program, "clima-app", env)).stdout).toContain("failed 20");
      },
      3 * scriptMs,
    );

    test(
      "fails where what was acknowledged is not stored",
      async () => {
        using door = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("ok") });
        const BASE_URL = `http://127.0.0.1:${door.port}`;
        const env = { BASE_URL, BOARD_URL: target.url, PAUSE: "0", REQUESTS: "10" };
        const { stdout: output, code } = await run(program, "clima-app", env);
        expect(output).toContain("acknowledged  10, failed 0");
        expect(output).toContain("difference    -10");
        expect(code).not.toBe(0);
      },
      scriptMs,
    );
  });
}
