import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../../lib/testing/until.ts";
import { climaApp } from "../../../pipelines/clima-app.ts";
import { freePorts } from "../../../tools/parts/ports.ts";
import { startSystem } from "../../../tools/up/system.ts";

/** What is measured: something that runs. */
export interface Target extends AsyncDisposable {
  /** The door. */
  readonly door: URL;
  /** What is always answered, by name. */
  readonly always: Readonly<Record<string, URL>>;
  /** `host:port` of a gRPC door and its health. */
  readonly grpc: string;
  /** The pids of all processes by name. */
  pids(): ReadonlyMap<string, number>;
}

/** Laptop mode as a process of its own, which admits `rate` events a second. */
export async function laptopTarget(rate: number): Promise<Target> {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-overload-"));
  const [http = 0, grpc = 0] = await freePorts(2);
  const main = join(import.meta.dir, "../../../services/all-in-one/main.ts");
  const child = Bun.spawn([process.execPath, main], {
    env: { PORT: `${http}`, GRPC_PORT: `${grpc}`, DATA_DIR: dir, ADMISSION_RATE: `${rate}` },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const base = `http://127.0.0.1:${http}`;
  const end = async () => {
    child.kill("SIGTERM");
    await child.exited;
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await until("laptop mode to answer", async () => (await fetch(`${base}/health`)).ok);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    door: new URL("/clima", base),
    always: {
      "/health": new URL("/health", base),
      "/metrics": new URL("/metrics", base),
      "board's ledger": new URL("/api/clima-app/ledger", base),
    },
    grpc: `127.0.0.1:${grpc}`,
    pids: () => new Map([["laptop mode", child.pid]]),
    [Symbol.asyncDispose]: end,
  };
}

/** All services of `clima-app` on real servers; every relay has the limit. */
export async function systemTarget(rate: number): Promise<Target> {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-overload-"));
  const system = await startSystem({
    dir,
    pipelines: [climaApp],
    adjust: async (plans) =>
      plans.map(
        (plan) => ({ ...plan, env: { ...plan.env, ADMISSION_RATE: `${rate}` } }) as typeof plan,
      ),
  });
  const api = system.entries().find(({ name }) => name === "clima-app-api");
  const admin = `http://127.0.0.1:${api?.adminPort}`;
  return {
    door: new URL(`http://127.0.0.1:${api?.ports.http}/clima`),
    always: {
      "/live": new URL("/live", admin),
      "/ready": new URL("/ready", admin),
      "/metrics": new URL("/metrics", admin),
      "GET /": new URL(`http://127.0.0.1:${api?.ports.http}/`),
      "board's ledger": new URL("/api/clima-app/ledger", system.urls.http),
    },
    grpc: system.urls.grpc["clima-app/proxy"] ?? "",
    pids: () =>
      new Map(
        system.entries().flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid]])),
      ),
    [Symbol.asyncDispose]: async () => {
      await system[Symbol.asyncDispose]();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
