import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ConfigSpec } from "../../lib/config.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { pipelines as allPipelines } from "../../pipelines/all.ts";
import { spec as boardSpec } from "../../services/board/config.ts";
import { spec as consumerSpec } from "../../services/consumer/config.ts";
import { spec as relaySpec } from "../../services/relay/config.ts";
import { type Child, createChild } from "../parts/child.ts";
import { partsDir } from "../parts/parts-dir.ts";
import { createStack, type Stack } from "../parts/stack.ts";
import type { WatchedValkey, WatchedValkeyOptions } from "../parts/valkey-sentinels.ts";
import { startContainerServers } from "./container-servers.ts";
import { startEdge } from "./edge.ts";
import { edgeTargets } from "./edge-targets.ts";
import { startLocalServers } from "./local-servers.ts";
import {
  type OnProgress,
  type Ports,
  reported,
  type ServerAddresses,
  type ServerProcess,
} from "./servers.ts";
import type { Replicas } from "./service-ports.ts";
import { type BoardEnvs, boardEnvs, planServices, type ServicePlan } from "./services.ts";
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
  /** What runs. @default every pipeline */
  readonly pipelines?: readonly AnyPipeline[] | undefined;
  /** How many processes play a station. @default one */
  readonly replicas?: Replicas;
  /** `WRITER_TARGET` of the relays. @default both */
  readonly target?: string | undefined;
  /** `PREFER_POLICY` of the relays. @default what the environment says */
  readonly preferPolicy?: boolean;
  /** Servers in containers instead of processes. @default false */
  readonly containers?: boolean;
  /** Brokers of the Kafka cluster, where servers are processes. @default 1 */
  readonly kafkaNodes?: number | undefined;
  /** Valkey as three servers under sentinels, where servers are processes. @default one server */
  readonly watched?: WatchedValkeyOptions | undefined;
  /** Keep `data`. @default false */
  readonly keep?: boolean;
  /** Ends the system, also in the middle of its start. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly supervision?: Partial<SupervisionEvents>;
  /** Changes what services are told before they start: other addresses, other variables. @default nothing */
  readonly adjust?: (plans: readonly ServicePlan[]) => Promise<readonly ServicePlan[]>;
}

/** Where a system is reached. */
export interface SystemUrls extends ServerAddresses {
  /** The HTTP door to everything. */
  readonly http: string;
  /** `host:port` of the gRPC doors, by `<pipeline>/<station>`; of several replicas the first's. */
  readonly grpc: Readonly<Record<string, string>>;
}

/** One process of a system, as it is now. */
export interface ProcessEntry {
  readonly name: string;
  /** Absent while it is down. */
  readonly pid?: number;
  readonly adminPort?: number;
  readonly ports: Ports;
}

/** Servers and services that run; disposing ends them all and leaves no process, port or data. */
export interface System extends AsyncDisposable {
  readonly urls: SystemUrls;
  /** The servers of a Valkey under sentinels; only where one was asked for. */
  readonly watched: WatchedValkey | undefined;
  /** By pipeline, the variables of its board. */
  readonly boards: BoardEnvs;
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

/** What the environment of `up` may tell the services. */
const inherited = new Set([
  "ADMISSION_IN_FLIGHT_MAX",
  "ADMISSION_RATE",
  "DEADLINE_MS",
  "IDS_MAX",
  "ID_WINDOW_MS",
  "LOG_EVENTS",
  "PREFER_POLICY",
]);

/** All other variables move a service's doors, change its place or lead it elsewhere: each service gets its own. */
const notInherited = [relaySpec, consumerSpec, boardSpec]
  .flatMap((spec: ConfigSpec) => Object.entries(spec))
  .flatMap(([name, { aliases }]) => [name, ...aliases])
  .filter((name) => !inherited.has(name));

async function answersOk(port: number, path: string): Promise<boolean> {
  const signal = AbortSignal.timeout(2_000);
  return (await fetch(`http://127.0.0.1:${port}${path}`, { signal })).ok;
}

function serviceProcess(
  plan: ServicePlan,
  stack: Stack,
  { target, preferPolicy }: Pick<SystemOptions, "target" | "preferPolicy">,
): ServerProcess {
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
      ...(preferPolicy === undefined ? {} : { PREFER_POLICY: preferPolicy ? "1" : "0" }),
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
  const doors = [...ports.services.stations].flatMap(([name, [first]]) =>
    first?.grpc === undefined ? [] : [[name, `127.0.0.1:${first.grpc}`] as const],
  );
  return {
    ...addresses,
    http: `http://127.0.0.1:${ports.http}`,
    grpc: Object.fromEntries(doors),
  };
}

const entryOf = ({ child, ports: { admin, ...ports } }: ServerProcess): ProcessEntry => ({
  name: child.name,
  ...(child.pid !== undefined && { pid: child.pid }),
  ...(admin !== undefined && { adminPort: admin }),
  ports,
});

/**
 * Starts Kafka, RabbitMQ, Valkey, where a pipeline has a log a MongoDB, and the services of the pipelines, and resolves when all are ready; rejects with the
 * log's tail of what is not, having ended everything.
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { onProgress, keep = false, supervision = {} } = options;
  const pipelines = options.pipelines ?? allPipelines;
  const ports = await planPorts(pipelines, options.replicas ?? {}, options.ports);
  const dir = resolve(options.dir);
  const mongo = pipelines.some(({ log }) => log !== undefined);
  const stack = createStack({
    programs: options.programs ?? partsDir(process.env),
    dir: join(dir, "data"),
    logs: join(dir, "logs"),
    keep,
    signal: options.signal,
  });
  try {
    const servers = options.containers
      ? await startContainerServers(stack, { root, dir, ports, mongo, keep, onProgress })
      : await startLocalServers(stack, ports, {
          kafkaNodes: options.kafkaNodes,
          watched: options.watched,
          mongo,
          onProgress,
        });
    const plans = planServices(pipelines, servers.addresses, ports.services);
    const told = (await options.adjust?.(plans)) ?? plans;
    const services = told.map((plan) => serviceProcess(plan, stack, options));
    await startServices(stack, services, onProgress);
    const edge = startEdge(ports.http, edgeTargets(pipelines, ports.services));
    stack.defer(async () => edge[Symbol.asyncDispose]());
    const all = [...servers.processes, ...services];
    const events = { onExit() {}, onRestart() {}, onGiveUp() {}, ...supervision };
    for (const { child } of all) void supervise(child, stack.signal, events);
    return {
      urls: urlsOf(servers.addresses, ports),
      watched: servers.watched,
      boards: boardEnvs(plans),
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
