import type { Elysia } from "elysia";
import { Health } from "../../gen/grpc/health/v1/health_pb.ts";
import type { DoorOptions } from "../../lib/door/door-options.ts";
import { grpcRoutes } from "../../lib/door/grpc-door.ts";
import { grpcGate } from "../../lib/door/grpc-gate.ts";
import { httpApp, listenHttp } from "../../lib/door/http-app.ts";
import { httpDoor } from "../../lib/door/http-door.ts";
import { eventBytesMax } from "../../lib/door/http-event.ts";
import { listenHttps } from "../../lib/door/https-app.ts";
import { grpcServer, type Routes } from "../../lib/rpc/grpc-server.ts";
import { healthRoutes } from "../../lib/rpc/health.ts";
import { reflectionRoutes } from "../../lib/rpc/reflection.ts";
import type { ServerTls } from "../../lib/tls/server-tls.ts";

/** Where a relay listens; 0 chooses a free port. A door that the station does not have is not opened. */
export interface RelayPorts {
  readonly http: number;
  readonly grpc: number;
  /** All addresses where it is not set. */
  readonly hostname?: string;
}

/** Open doors. Disposing closes them: no new work, what is in flight is finished (bounded). */
export interface OpenRelay extends AsyncDisposable {
  readonly httpPort: number | undefined;
  readonly grpcPort: number | undefined;
}

/** One station's doors in front of its publisher. */
export interface Relay {
  readonly http: Elysia | undefined;
  readonly grpc: readonly Routes[];
  /** Whether events can be taken and handed on now; false for good once the doors are closing. */
  ready(): Promise<boolean>;
  open(ports: RelayPorts): Promise<OpenRelay>;
}

/**
 * Makes a relay; it owns neither the publisher nor the keys. Its doors serve everybody in clear text, or by `tls` other stations
 * and nobody else.
 */
export function createRelay(options: DoorOptions, tls?: ServerTls): Relay {
  const { station, publisher, log } = options;
  let closing = false;
  const ready = async () => !closing && (await publisher.ready());
  const scheme = tls === undefined ? "http" : "https";
  const http = station.http === undefined ? undefined : httpApp(log, [httpDoor(options)], scheme);
  const grpc = station.grpc === undefined ? [] : grpcDoors(options, ready);
  return {
    http,
    grpc,
    ready,
    open: async ({ hostname, ...ports }) => {
      const at = hostname === undefined ? {} : { hostname };
      const doors = new AsyncDisposableStack();
      const place = { port: ports.http, ...at };
      const httpServer =
        http &&
        doors.use(tls === undefined ? listenHttp(http, place) : listenHttps(http, place, tls));
      const gate = grpcGate([options]);
      const routes = { routes: grpc, messageBytesMax: eventBytesMax, gate, tls };
      const rpcServer =
        grpc.length > 0
          ? doors.use(await grpcServer({ port: ports.grpc, ...at, ...routes }))
          : undefined;
      // Disposed first: probes hear of the closing while the doors still finish what they have.
      doors.defer(() => {
        closing = true;
      });
      return {
        httpPort: httpServer?.port,
        grpcPort: rpcServer?.port,
        [Symbol.asyncDispose]: () => doors[Symbol.asyncDispose](),
      };
    },
  };
}

function grpcDoors(options: DoorOptions, serving: () => Promise<boolean>): readonly Routes[] {
  const rpcs = options.station.grpc?.rpcs ?? [];
  const services = [...new Set(rpcs.map(({ method }) => method.parent))];
  return [
    grpcRoutes(options),
    healthRoutes({ serving, services: services.map(({ typeName }) => typeName) }),
    reflectionRoutes([...services, Health]),
  ];
}
