import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { freePorts, isFree } from "../parts/ports.ts";
import type { ServerPorts } from "./servers.ts";
import {
  planServicePorts,
  type Replicas,
  type ServicePorts,
  servicePortsMax,
} from "./service-ports.ts";

/** The ports of a system that somebody outside may want to choose. */
export interface SystemPorts extends ServerPorts {
  /** The HTTP door to everything. */
  readonly http: number;
  /** The gRPC doors, by `<pipeline>/<station>`. */
  readonly grpc: Readonly<Record<string, number>>;
}

/** Every port of a system. */
export interface PortPlan extends SystemPorts {
  readonly services: ServicePorts;
}

const serverPorts = 6;

/** Takes the chosen ports and free ones for all others. */
export async function planPorts(
  pipelines: readonly AnyPipeline[],
  replicas: Replicas,
  chosen: Partial<SystemPorts> = {},
): Promise<PortPlan> {
  const free = await freePorts(serverPorts + servicePortsMax(pipelines, replicas));
  const next = () => free.pop() ?? 0;
  const ports: SystemPorts = {
    http: next(),
    grpc: {},
    kafka: next(),
    rabbit: next(),
    management: next(),
    valkey: next(),
    mongo: next(),
    ...chosen,
  };
  return { ...ports, services: planServicePorts(pipelines, replicas, ports.grpc, next) };
}

async function isWhollyFree(port: number): Promise<boolean> {
  return (await isFree(port)) && (await isFree(port, "0.0.0.0"));
}

/** @throws Error naming the variable that moves the port, when it is taken. */
export async function requireFree(port: number, variable: string): Promise<number> {
  if (await isWhollyFree(port)) return port;
  throw new Error(
    `Cannot listen on port ${port}: something else does: set ${variable} to a free one`,
  );
}

/** The usual port where it is free, else `undefined`. */
export async function usualIfFree(port: number): Promise<number | undefined> {
  return (await isWhollyFree(port)) ? port : undefined;
}
