import type { DoorOptions } from "../../door/door-options.ts";
import { grpcRoutes } from "../../door/grpc-door.ts";
import { climaDoor } from "../../door/testing/clima-door.ts";
import { grpcServer } from "../../rpc/grpc-server.ts";
import { healthRoutes } from "../../rpc/health.ts";
import type { SessionTimes } from "../../rpc/session-limits.ts";
import type { ServerTls } from "../../tls/server-tls.ts";

/**
 * A writer of `clima-app` that publishes to memory, with a health service, on this machine alone; port 0 is a free one. By TLS
 * it serves those alone who show a certificate.
 */
export async function grpcStation(
  port: number,
  overrides: Partial<DoorOptions> = {},
  tls?: ServerTls,
  sessionTimes: SessionTimes = {},
) {
  const { publisher, options } = climaDoor("writer", { isBehind: true, ...overrides });
  const server = await grpcServer({
    port,
    hostname: "127.0.0.1",
    messageBytesMax: 65_536,
    tls,
    sessionTimes,
    routes: [grpcRoutes(options), healthRoutes({ serving: () => publisher.ready(), services: [] })],
  });
  return { ...server, publisher };
}
