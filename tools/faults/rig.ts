import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Redis } from "ioredis";
import type { Admin } from "kafkajs";
import { kafkaClient } from "../../lib/broker/kafka/kafka-connection.ts";
import { stationsThat } from "../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { Policy } from "../../lib/pipeline/station.ts";
import { redisAt } from "../../lib/store/testing/redis-at.ts";
import type { Mix } from "../../loadtest/mixes/mix.ts";
import { pipelines } from "../../pipelines/all.ts";
import type { Child } from "../parts/child.ts";
import type { WatchedValkey, WatchedValkeyOptions } from "../parts/valkey-sentinels.ts";
import type { OnProgress } from "../up/servers.ts";
import type { Replicas } from "../up/service-ports.ts";
import type { ServicePlan } from "../up/services.ts";
import { type System, startSystem } from "../up/system.ts";
import type { Drainable } from "./instrument/drain.ts";
import { type Proxies, startProxies } from "./proxies.ts";

/** A door that clients send to. */
export interface Door {
  readonly process: string;
  readonly path: string;
}

/** The system that a fault is done to; those that share a name share it, one after another. */
export interface RigSpec {
  readonly name: string;
  readonly pipeline: AnyPipeline;
  readonly mix: Mix;
  readonly doors: readonly Door[];
  readonly replicas?: Replicas;
  readonly kafkaNodes?: number;
  /** Valkey as three servers under sentinels. @default one server */
  readonly watched?: WatchedValkeyOptions;
  /** Whether services reach RabbitMQ, Valkey and next hops through proxies that can cut. @default false */
  readonly proxied?: boolean;
  /** Variables of all services. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running system with everything that it takes to strike it and to look at it. */
export interface Rig extends AsyncDisposable {
  readonly spec: RigSpec;
  readonly dir: string;
  readonly system: System;
  /** The pipeline's Valkey; under sentinels whoever is the primary. */
  readonly valkey: Redis;
  /** The servers under sentinels. @throws Error where the rig has none. */
  readonly watched: WatchedValkey;
  readonly kafka: Admin;
  readonly drainable: Drainable;
  /** Our own processes. */
  readonly services: readonly Child[];
  /** @throws Error where the rig has none. */
  readonly proxies: Proxies;
  /** Processes that ended without having been asked to. */
  readonly exits: readonly string[];
  /** @throws Error where there is no such process. */
  child(name: string): Child;
  /** The address of a process's HTTP or gRPC door, or of its admin port. */
  portOf(name: string, kind: "http" | "grpc" | "admin"): number;
  /** The next door in turn, among those that take requests. */
  url(): URL;
  /** Takes the doors of a process out of the turn, or back. */
  balance(process: string, takesRequests: boolean): void;
  /** Kills a process, which is started again; that is no exit of its own. */
  crash(name: string): void;
}

const askMs = 10_000;

/** How a rig is started. */
export interface RigOptions {
  /** A folder that ends with the rig. */
  readonly dir: string;
  readonly target: Policy;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Starts the system of a fault. */
export async function startRig(spec: RigSpec, options: RigOptions): Promise<Rig> {
  const { dir, target, signal, onProgress } = options;
  mkdirSync(dir, { recursive: true });
  await using resources = new AsyncDisposableStack();
  const proxies = spec.proxied
    ? resources.use(await startProxies({ dir: join(dir, "proxies"), signal, onProgress }))
    : undefined;
  const exits: string[] = [];
  /** By name, how many ends are ours. */
  const crashes = new Map<string, number>();
  const system = resources.use(
    await startSystem({
      dir: join(dir, "system"),
      pipelines: [spec.pipeline],
      target,
      ...(spec.replicas && { replicas: spec.replicas }),
      kafkaNodes: spec.kafkaNodes,
      watched: spec.watched,
      signal,
      onProgress,
      adjust: async (plans) => withEnv(spec, (await proxies?.lead(plans)) ?? plans),
      supervision: {
        onExit: ({ name }, { code, signal: by }) => {
          const ours = crashes.get(name) ?? 0;
          if (ours > 0) crashes.set(name, ours - 1);
          else exits.push(`${name}: ${by ?? code}`);
        },
      },
    }),
  );
  const valkey = redisAt(`${system.urls.valkey}/${pipelines.indexOf(spec.pipeline)}`, {
    commandTimeout: askMs,
    maxRetriesPerRequest: 1,
  });
  resources.defer(() => valkey.disconnect());
  const kafka = kafkaClient({ brokers: system.urls.kafka }, 2).admin();
  await kafka.connect();
  resources.defer(() => kafka.disconnect().catch(() => {}));
  const owned = resources.move();
  return {
    ...{ spec, dir, system, valkey, kafka, exits },
    drainable: drainableOf(spec, system, kafka),
    services: [...system.processes.values()].filter(({ name }) =>
      name.startsWith(`${spec.pipeline.name}-`),
    ),
    get proxies() {
      if (proxies === undefined) throw new Error(`Cannot cut: rig ${spec.name} has no proxies`);
      return proxies;
    },
    get watched() {
      if (system.watched !== undefined) return system.watched;
      throw new Error(`Cannot fail over: rig ${spec.name} has no sentinels`);
    },
    ...reaching(spec, system),
    crash(name) {
      const pid = system.processes.get(name)?.pid;
      if (pid === undefined) throw new Error(`Cannot kill ${name}: it is down`);
      crashes.set(name, (crashes.get(name) ?? 0) + 1);
      process.kill(pid, "SIGKILL");
    },
    [Symbol.asyncDispose]: async () => {
      await owned.disposeAsync();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function withEnv({ env }: RigSpec, plans: readonly ServicePlan[]): readonly ServicePlan[] {
  return env === undefined
    ? plans
    : plans.map((plan) => ({ ...plan, env: { ...plan.env, ...env } }));
}

/** How processes and doors are found. */
function reaching(
  spec: RigSpec,
  system: System,
): Pick<Rig, "child" | "portOf" | "url" | "balance"> {
  const out = new Set<string>();
  let turn = 0;
  const portOf: Rig["portOf"] = (name, kind) => {
    const entry = system.entries().find((each) => each.name === name);
    const port = kind === "admin" ? entry?.adminPort : entry?.ports[kind];
    if (port === undefined) throw new Error(`Cannot reach ${name}: it has no port for ${kind}`);
    return port;
  };
  const ports = new Map(spec.doors.map(({ process }) => [process, portOf(process, "http")]));
  return {
    portOf,
    child(name) {
      const found = system.processes.get(name);
      if (found !== undefined) return found;
      throw new Error(`Cannot find process ${name}: there are ${[...system.processes.keys()]}`);
    },
    url() {
      const open = spec.doors.filter(({ process }) => !out.has(process));
      turn += 1;
      const door = open[turn % open.length];
      if (door === undefined) throw new Error("Cannot send: no door takes requests");
      return new URL(`http://127.0.0.1:${ports.get(door.process)}${door.path}`);
    },
    balance(process, takesRequests) {
      if (takesRequests) out.delete(process);
      else out.add(process);
    },
  };
}

function drainableOf({ pipeline }: RigSpec, { urls }: System, kafka: Admin): Drainable {
  const consumers = stationsThat([pipeline], "consumer").map(({ station }) => station);
  return {
    kafka,
    topic: pipeline.broker.topic,
    group: consumers.find(({ lane }) => lane === "kafka")?.group,
    management: urls.management,
    queue: consumers.some(({ lane }) => lane === "rabbit") ? pipeline.broker.queue : undefined,
  };
}
