import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ledger } from "../../../lib/ledger/ledger.ts";
import { serviceProcess } from "../../../lib/testing/service-process.ts";
import { until } from "../../../lib/testing/until.ts";
import { freePort } from "../../../tools/parts/ports.ts";

/** The program. */
export const main = join(import.meta.dir, "..", "main.ts");
/** A tweet as clients of `clima-app` send it. */
export const tweet = { municipality: 2, temperature: 25, humidity: 60, weather: 1 };

/** Ports and a data folder for processes that run one after the other. */
export async function place() {
  const dir = mkdtempSync(join(tmpdir(), "all-in-one-"));
  const env = {
    PORT: `${await freePort()}`,
    GRPC_PORT: `${await freePort()}`,
    DATA_DIR: join(dir, "data"),
  };
  return { dir, env, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Laptop mode as a process that answers. */
export async function start(env: Record<string, string>) {
  const process = serviceProcess(main, env);
  const url = `http://127.0.0.1:${env.PORT}`;
  await until("laptop mode to answer", async () => (await fetch(`${url}/health`)).ok);
  const read = async (what: string) => (await fetch(`${url}/api/clima-app/${what}`)).json();
  return {
    ...process,
    url,
    post: (body: unknown, headers: Record<string, string> = {}) =>
      fetch(`${url}/clima`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    state: () => read("state") as Promise<Record<string, unknown>>,
    ledger: () => read("ledger") as Promise<Ledger>,
  };
}
