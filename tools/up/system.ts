import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Child, createChild } from "../parts/child.ts";
import { partsDir } from "../parts/parts-dir.ts";
import { createStack, type Stack } from "../parts/stack.ts";
import { startContainerServers } from "./container-servers.ts";
import { startEdge } from "./edge.ts";
import { startLocalServers } from "./local-servers.ts";
import { type OnProgress, reported, type ServerAddresses, type ServerProcess } from "./servers.ts";
import { planServices, type ServicePlan } from "./services.ts";
import { type SupervisionEvents, supervise } from "./supervise.ts";
import { type PortPlan, planPorts, type SystemPorts } from "./system-ports.ts";

/** How a whole system is run on this machine. */
export interface SystemOptions {
  /** Its folder: `data`, which ends with it, and `logs`. */
  readonly dir: string;
  /** Where servers are installed. @default what `partsDir` says */
  readonly programs?: string;
  /** @default free ones */
  readonly ports?: Partial<SystemPorts>;
  /** `WRITER_TARGET` of the writer. @default both */
  readonly target?: string | undefined;
  /** Servers in containers instead of processes. @default false */
  readonly containers?: boolean;
  /** Brokers of the Kafka cluster, where servers are processes. @default 1 */
  readonly kafkaNodes?: number | undefined;
  /** Keep `data`. @default false */
  readonly keep?: boolean;
  /** Ends the system, also in the middle of its start. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly supervision?: Partial<SupervisionEvents>;
}

/** Where a system is reached. */
export interface SystemUrls extends ServerAddresses {
  /** The HTTP door to everything. */
  readonly http: string;
  /** `host:port` of the gRPC doors. */
  readonly proxyGrpc: string;
  readonly writerGrpc: string;
}

/** One process of a system, as it is now. */
export interface ProcessEntry {
  readonly name: string;
  /** Absent while it is down. */
  readonly pid?: number;
  readonly adminPort?: number;
  readonly ports: Readonly<Record<string, number>>;
}

/** Servers and services that run; disposing ends them all and leaves no process, port or data. */
export interface System extends AsyncDisposable {
  readonly urls: SystemUrls;
  /**
   * Every process by name. One that ends without `stop` or `kill` of its child is started again, with its data;
   * one that was ended by these stays down until `start`.
   */
  readonly processes: ReadonlyMap<string, Child>;
  /** The processes with their present pids. */
  entries(): ProcessEntry[];
}

const root = resolve(import.meta.dir, "..", "..");
const readyTimeoutMs = 30_000;
const drainTimeoutMs = 25_000;

/** What would move a service's doors or change its place; each service gets its own. */
const notInherited = [
  "ADMIN_PORT",
  "CLIENT_GRPC_LISTEN",
  "GRPC_LISTEN",
  "GRPC_PORT",
  "PIPELINE",
  "PORT",
  "STATION",
];

async function answersOk(port: number, path: string): Promise<boolean> {
  const signal = AbortSignal.timeout(2_000);
  return (await fetch(`http://127.0.0.1:${port}${path}`, { signal })).ok;
}

function serviceProcess(plan: ServicePlan, stack: Stack, target?: string): ServerProcess {
  // A service that comes back while a broker is away must not be killed for not being ready.
  let path = "/ready";
  const child = createChild({
    name: plan.name,
    dir: root,
    logDir: stack.logs,
    command: [process.execPath, plan.script],
    env: {
      ...Object.fromEntries(notInherited.map((name) => [name, undefined])),
      WRITER_TARGET: target,
      ...plan.env,
    },
    async ready() {
      const ready = await answersOk(plan.ports.admin, path);
      if (ready) path = "/live";
      return ready;
    },
    readyTimeoutMs,
    stopTimeoutMs: drainTimeoutMs,
  });
  return { child, ports: plan.ports };
}

/** Starts services at the same time; at the end they drain before any server goes. */
async function startServices(
  stack: Stack,
  services: readonly ServerProcess[],
  onProgress: OnProgress | undefined,
): Promise<void> {
  await Promise.all(
    services.map(({ child }) =>
      reported(`start ${child.name}`, onProgress, () => stack.start(child)),
    ),
  );
  stack.defer(() => Promise.all(services.map(({ child }) => child.stop())));
}

function urlsOf(addresses: ServerAddresses, ports: PortPlan): SystemUrls {
  return {
    ...addresses,
    http: `http://127.0.0.1:${ports.http}`,
    proxyGrpc: `127.0.0.1:${ports.proxyGrpc}`,
    writerGrpc: `127.0.0.1:${ports.writerGrpc}`,
  };
}

const entryOf = ({ child, ports: { admin, ...ports } }: ServerProcess): ProcessEntry => ({
  name: child.name,
  ...(child.pid !== undefined && { pid: child.pid }),
  ...(admin !== undefined && { adminPort: admin }),
  ports,
});

/**
 * Starts Kafka, RabbitMQ, Valkey and the services of `clima-app`, and resolves when all are ready; rejects with the
 * log's tail of what is not, having ended everything.
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { onProgress, keep = false, supervision = {} } = options;
  const ports = await planPorts(options.ports);
  const dir = resolve(options.dir);
  const stack = createStack({
    programs: options.programs ?? partsDir(process.env),
    dir: join(dir, "data"),
    logs: join(dir, "logs"),
    keep,
    signal: options.signal,
  });
  try {
    const servers = options.containers
      ? await startContainerServers(stack, { root, dir, ports, keep, onProgress })
      : await startLocalServers(stack, ports, { kafkaNodes: options.kafkaNodes, onProgress });
    const services = planServices(servers.addresses, ports.services).map((plan) =>
      serviceProcess(plan, stack, options.target),
    );
    await startServices(stack, services, onProgress);
    const { api, proxy, board } = ports.services;
    const local = ({ http }: { http: number }) => `http://127.0.0.1:${http}`;
    const edge = startEdge(ports.http, {
      api: local(api),
      proxy: local(proxy),
      board: local(board),
    });
    stack.defer(async () => edge[Symbol.asyncDispose]());
    const all = [...servers.processes, ...services];
    const events = { onExit() {}, onRestart() {}, onGiveUp() {}, ...supervision };
    for (const { child } of all) void supervise(child, stack.signal, events);
    return {
      urls: urlsOf(servers.addresses, ports),
      processes: new Map(all.map(({ child }) => [child.name, child])),
      entries: () => all.map(entryOf),
      async [Symbol.asyncDispose]() {
        await stack[Symbol.asyncDispose]();
        rmSync(join(dir, "logs"), { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stack[Symbol.asyncDispose]();
    throw error;
  }
}
