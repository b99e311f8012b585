import { Health } from "../../gen/grpc/health/v1/health_pb.ts";
import type { DoorOptions } from "../../lib/door/door-options.ts";
import { grpcRoutes } from "../../lib/door/grpc-door.ts";
import type { RpcDoor } from "../../lib/pipeline/station.ts";
import type { Routes } from "../../lib/rpc/grpc-server.ts";
import { healthRoutes } from "../../lib/rpc/health.ts";
import { reflectionRoutes } from "../../lib/rpc/reflection.ts";

/** The RPCs of all stations on one server, with health and reflection; of a method that several have, the first's. */
export function allRoutes(doors: readonly DoorOptions[]): readonly Routes[] {
  const served = new Set<RpcDoor["method"]>();
  const stations = doors.map((door) => {
    const rpcs = (door.station.grpc?.rpcs ?? []).filter(({ method }) => !served.has(method));
    for (const { method } of rpcs) served.add(method);
    return { ...door, station: { ...door.station, grpc: { port: 0, rpcs } } };
  });
  const services = [...new Set([...served].map(({ parent }) => parent))];
  return [
    ...stations.map(grpcRoutes),
    healthRoutes({
      serving: () => Promise.resolve(true),
      services: services.map(({ typeName }) => typeName),
    }),
    reflectionRoutes([...services, Health]),
  ];
}
