import type { Message } from "@bufbuild/protobuf";
import { climaApp } from "../../../pipelines/clima-app.ts";
import type { PipelineEvent } from "../../event/event.ts";
import { silentLog } from "../../log.ts";
import { stationsThat } from "../../pipeline/find-station.ts";
import type { RelayStation } from "../../pipeline/station.ts";
import type { Gate } from "../../rpc/gate.ts";
import { grpcServer } from "../../rpc/grpc-server.ts";
import { memoryPublisher } from "../../testing/memory-publisher.ts";
import type { DoorOptions } from "../door-options.ts";
import { grpcRoutes } from "../grpc-door.ts";
import { grpcGate } from "../grpc-gate.ts";
import { httpApp, listenHttp } from "../http-app.ts";
import { httpDoor } from "../http-door.ts";
import { eventBytesMax } from "../http-event.ts";

/** A tweet that every door takes. */
export const tweet = { municipality: 2, temperature: 25, humidity: 60, weather: 1 };

/** The relay station of `clima-app` of this name. */
export function climaStation(name: string): RelayStation {
  const found = stationsThat([climaApp], "relay").find((each) => each.name === `clima-app/${name}`);
  if (found === undefined) throw new Error(`Cannot find a station: current value is ${name}`);
  return found.station;
}

/** What a door of a `clima-app` station needs, publishing to memory. */
export function climaDoor(name: string, overrides: Partial<DoorOptions> = {}) {
  const publisher = memoryPublisher<PipelineEvent<Message>>();
  const options: DoorOptions = {
    pipeline: climaApp,
    station: climaStation(name),
    publisher,
    idWindowMs: 3_600_000,
    log: silentLog,
    ...overrides,
  };
  return { publisher, options };
}

/** A station's HTTP door, listening on this machine alone. */
export function openHttpDoor(name: string, overrides: Partial<DoorOptions> = {}) {
  const { publisher, options } = climaDoor(name, overrides);
  const server = listenHttp(httpApp(options.log, [httpDoor(options)]), {
    port: 0,
    hostname: "127.0.0.1",
  });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    publisher,
    url,
    port: server.port,
    /** Posts a value as JSON, or text and bytes as they are. */
    post: (path: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(url + path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A station's gRPC door, listening on this machine alone; `gate` is its own where none is given. */
export async function openGrpcDoor(
  name: string,
  overrides: Partial<DoorOptions> = {},
  gate?: Gate,
) {
  const { publisher, options } = climaDoor(name, overrides);
  const server = await grpcServer({
    port: 0,
    hostname: "127.0.0.1",
    routes: [grpcRoutes(options)],
    messageBytesMax: eventBytesMax,
    gate: gate ?? grpcGate([options]),
    readTimeoutMs: 300,
  });
  return {
    publisher,
    address: `127.0.0.1:${server.port}`,
    port: server.port,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
