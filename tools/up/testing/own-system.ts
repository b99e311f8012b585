import { afterAll, beforeAll } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { Ledger } from "../../../lib/ledger/ledger.ts";
import type { AnyPipeline } from "../../../lib/pipeline/pipeline.ts";
import { until } from "../../../lib/testing/until.ts";
import { pipelines } from "../../../pipelines/all.ts";
import type { Child } from "../../parts/child.ts";
import { type System, type SystemOptions, startSystem } from "../system.ts";

const startMs = 120_000;
const drainMs = 60_000;

/** A system that runs while the tests of the surrounding `describe` do. */
export interface OwnSystem {
  readonly dir: string;
  readonly get: () => System;
  /** @throws Error where there is no such process. */
  readonly child: (name: string) => Child;
  /** `http://127.0.0.1:<port>` of a process. */
  readonly httpOf: (name: string) => string;
  /** What the board says of a pipeline. */
  readonly board: (pipeline: AnyPipeline) => BoardView;
  /** The Valkey of a pipeline. */
  readonly valkey: (pipeline: AnyPipeline) => Disposable & { readonly client: Redis };
}

/** What the board says of a pipeline. */
export interface BoardView {
  readonly state: () => Promise<Readonly<Record<string, unknown>>>;
  readonly ledger: () => Promise<Ledger>;
  /** The ledger, once nothing is in flight. */
  readonly drained: () => Promise<Ledger>;
}

/** Starts a system of its own, in a folder that ends with it, for the tests of a `describe`. */
export function ownSystem(
  options: Pick<SystemOptions, "target" | "preferPolicy" | "kafkaNodes" | "pipelines" | "replicas">,
): OwnSystem {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-system-"));
  let system: System | undefined;
  const get = () => {
    if (system === undefined) throw new Error("Cannot use the system: it did not start");
    return system;
  };
  beforeAll(async () => {
    system = await startSystem({ dir, ...options });
  }, startMs);
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  }, startMs);
  return {
    dir,
    get,
    child: (name) => {
      const found = get().processes.get(name);
      if (found !== undefined) return found;
      throw new Error(`Cannot find process ${name}: there are ${[...get().processes.keys()]}`);
    },
    board: ({ name }) => {
      const read = async (what: string) =>
        (await fetch(`${get().urls.http}/api/${name}/${what}`)).json();
      const ledger = () => read("ledger") as Promise<Ledger>;
      return {
        state: () => read("state") as Promise<Readonly<Record<string, unknown>>>,
        ledger,
        drained: async () => {
          await until("nothing to be in flight", async () => (await ledger()).inFlight === 0, {
            timeoutMs: drainMs,
          });
          return ledger();
        },
      };
    },
    valkey: (pipeline) => {
      const client = new Redis(`${get().urls.valkey}/${pipelines.indexOf(pipeline)}`);
      return { client, [Symbol.dispose]: () => client.disconnect() };
    },
    httpOf: (name) => {
      const port = get()
        .entries()
        .find((entry) => entry.name === name)?.ports.http;
      if (port === undefined) throw new Error(`Cannot find an HTTP door: current value is ${name}`);
      return `http://127.0.0.1:${port}`;
    },
  };
}

/** Sends JSON, or the text as it is, and answers what people see of the reply. */
export async function post(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  const reply = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await reply.text();
  const isJson = reply.headers.get("content-type")?.includes("json");
  return {
    status: reply.status,
    body: isJson ? JSON.parse(text) : text,
    id: reply.headers.get("idempotency-key") ?? "",
    headers: reply.headers,
  };
}
