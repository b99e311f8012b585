import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, createChild } from "./child.ts";
import { freePorts } from "./ports.ts";
import type { Stack } from "./stack.ts";
import { replicaFollows, valkeyAnswers } from "./valkey-probe.ts";

/** What a Valkey of this machine may be asked to be. */
export interface ValkeyOptions {
  /** The primary's port. @default a free one */
  readonly port?: number;
  /** Replicas that follow the primary. @default 0 */
  readonly replicas?: number;
  /** When writes reach the disk. @default "always" */
  readonly appendfsync?: "always" | "everysec" | "no";
  /** Lines of `valkey.conf` added to or put over ours, for primary and replicas. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** One Valkey process. */
export interface ValkeyServer {
  /** `redis://host:port`. */
  readonly url: string;
  readonly port: number;
  /** Its data; the append-only file is in `appendonlydir`. */
  readonly dir: string;
  readonly server: Child;
}

/** A running primary with its replicas. */
export interface Valkey extends ValkeyServer {
  readonly replicas: readonly ValkeyServer[];
}

/** How a server is made. */
export interface ServerPlan {
  /** Lines of `valkey.conf`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether it is ready only when it follows its primary. @default false */
  readonly follows?: boolean;
  /** What starts it in place of the program, which is handed over as the script's arguments. */
  readonly script?: string;
  /** The script's environment; `DATA` is added. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What every server is told. */
export const serverSettings = {
  bind: "127.0.0.1",
  daemonize: "no",
  appendonly: "yes",
  appendfsync: "always",
  save: '""',
  maxmemory: "256mb",
  "maxmemory-policy": "noeviction",
  "repl-diskless-sync-delay": "0",
  "repl-timeout": "5",
} as const;

/** Makes a server that does not run yet. */
export function createServer(
  stack: Stack,
  port: number,
  name: string,
  { settings, follows = false, script, env }: ServerPlan,
): ValkeyServer {
  const dir = join(stack.dir, name);
  mkdirSync(dir, { recursive: true });
  const file = join(dir, "valkey.conf");
  const lines = Object.entries({ port: `${port}`, dir, ...settings });
  writeFileSync(file, lines.map(([key, value]) => `${key} ${value}\n`).join(""));
  const bin = join(stack.programs, "valkey", "usr", "bin");
  const command = [join(bin, "valkey-server"), file];
  const server = createChild({
    name,
    dir: stack.dir,
    logDir: stack.logs,
    command: script === undefined ? command : ["sh", "-c", script, "start", ...command],
    ...(env && { env: { ...env, DATA: dir, PATH: `${bin}:${process.env.PATH}` } }),
    ready: async () => (await valkeyAnswers(port)) && (!follows || (await replicaFollows(port))),
  });
  return { url: `redis://127.0.0.1:${port}`, port, dir, server };
}

/** Starts a primary, then its replicas, and resolves when these follow; data outlives an end. */
export async function startValkey(stack: Stack, options: ValkeyOptions = {}): Promise<Valkey> {
  const [free = 0, ...replicaPorts] = await freePorts(1 + (options.replicas ?? 0));
  const port = options.port ?? free;
  const settings = {
    ...serverSettings,
    appendfsync: options.appendfsync ?? serverSettings.appendfsync,
    ...options.settings,
  };
  const primary = createServer(stack, port, "valkey1", { settings });
  const replicas = replicaPorts.map((replicaPort, i) =>
    createServer(stack, replicaPort, `valkey${i + 2}`, {
      settings: { ...settings, replicaof: `127.0.0.1 ${port}` },
      follows: true,
    }),
  );
  await stack.start(primary.server);
  await stack.start(...replicas.map(({ server }) => server));
  return { ...primary, replicas };
}
