import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { Ledger } from "../../lib/ledger/ledger.ts";
import { grpcJsClient, grpcJsService } from "../../lib/rpc/testing/grpc-js.ts";
import { serviceProcess } from "../../lib/testing/service-process.ts";
import { until } from "../../lib/testing/until.ts";
import { freePort } from "../parts/ports.ts";
import { parts } from "../parts/testing.ts";
import { succeed } from "../run-program.ts";
import { readState } from "../up/run-state.ts";
import { post } from "../up/testing/own-system.ts";

const root = resolve(import.meta.dir, "../..");
const overlay = join(import.meta.dir, "overlay");
const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-fourth-"));
const stepMs = 60_000;

const left = new Set([".data", ".git", ".run", "node_modules"]);
const sale = { shop: "Antigua", product: "coffee", quantity: 2, cents: 550, payment: 1 };

/** Runs Bun in the copy. */
const run = (...args: readonly string[]) =>
  succeed({ command: [process.execPath, ...args], cwd: dir, timeoutMs: stepMs });

/** Sends sales by both doors to the system at `http` and `grpc`, and expects what they add up to. */
async function sell(http: string, grpc: string): Promise<void> {
  const service = grpcJsService(
    "sales/v1/sales.proto",
    "sales.v1.SalesService",
    join(dir, "proto"),
  );
  using client = grpcJsClient(service, grpc);
  const key = { "idempotency-key": "till-7/receipt-1" };
  for (const path of ["/sale", "/sales/sale"]) {
    const reply = await post(`${http}${path}`, sale, key);
    expect([reply.status, reply.body]).toEqual([201, { status: "recorded" }]);
  }
  const card = { ...sale, shop: "Cobán", cents: 900, payment: "PAYMENT_CARD" };
  const outcome = await client.call("RecordSale", card);
  expect([outcome.code, outcome.reply]).toEqual([0, { status: "recorded" }]);
  expect((await post(`${http}/sale`, { ...sale, quantity: 0 })).status).toBe(422);
  const read = async (what: string) => (await fetch(`${http}/api/sales/${what}`)).json();
  await until("two sales", async () => {
    const { stored, inFlight } = (await read("ledger")) as Ledger;
    return stored === 2 && inFlight === 0;
  });
  expect(await read("ledger")).toMatchObject({ accepted: 6, duplicates: 4, closes: true });
  expect(await read("state")).toEqual({
    sales: "2",
    "sales:payment": { cash: "1", card: "1" },
    sold: { coffee: "4" },
    cents: { Antigua: "550", Cobán: "900" },
    best: { Antigua: "550", Cobán: "900" },
  });
}

describe("a fourth domain of a proto and a pipeline file", () => {
  beforeAll(async () => {
    cpSync(root, dir, { recursive: true, filter: (from) => !left.has(basename(from)) });
    symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
    cpSync(overlay, dir, { recursive: true });
    await run("run", "gen");
  }, stepMs);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test(
    "passes lint, types and the tests of pipelines as it is",
    async () => {
      await run("x", "biome", "ci", "--colors=off", "--error-on-warnings", "pipelines");
      await run("x", "buf", "lint");
      await run("run", "types");
      await run("run", "dead");
      await run("test", "pipelines/all.test.ts");
    },
    stepMs,
  );

  test(
    "is served on a laptop by both doors and folded once from both lanes",
    async () => {
      const env = {
        PORT: `${await freePort()}`,
        GRPC_PORT: `${await freePort()}`,
        DATA_DIR: join(dir, "laptop"),
      };
      await using laptop = serviceProcess(join(dir, "services/all-in-one/main.ts"), env);
      const http = `http://127.0.0.1:${env.PORT}`;
      await until("laptop mode to answer", async () => (await fetch(`${http}/health`)).ok);
      expect(laptop.child.exitCode).toBeNull();
      await sell(http, `127.0.0.1:${env.GRPC_PORT}`);
    },
    stepMs,
  );

  test.skipIf(!parts)(
    "is served by relay, consumers and board on real servers",
    async () => {
      const env = {
        ...process.env,
        PARTS_DIR: parts?.dir,
        PORT: `${await freePort()}`,
        GRPC_PORT: `${await freePort()}`,
        RUN_DIR: join(dir, "run"),
      };
      const up = async (...args: readonly string[]) => {
        const main = join(dir, "tools/up/main.ts");
        const child = Bun.spawn([process.execPath, main, ...args], {
          env,
          stdio: ["ignore", "ignore", "pipe"],
        });
        expect([await new Response(child.stderr).text(), await child.exited]).toEqual([
          expect.any(String),
          0,
        ]);
      };
      await using stack = new AsyncDisposableStack();
      stack.defer(() => up("down"));
      await up("up", "--local", "--detach", "--pipeline", "sales");
      const urls = readState(env.RUN_DIR)?.urls;
      await sell(urls?.http ?? "", urls?.grpc["sales/api"] ?? "");
    },
    stepMs,
  );
});
