import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { KeyedDoors } from "./api-keys.ts";
import type { GrpcEdgeRoute } from "./gateway.ts";
import { anyone, type PolicyEdge } from "./network-policies.ts";
import { frontOf } from "./relay-workload.ts";
import type { PlannedRelay } from "./stations.ts";
import type { TweetPipelineProps } from "./tweet-pipeline-props.ts";

/** A gRPC door that clients reach from outside. */
export interface GrpcWay {
  /** The route that leads to it. */
  readonly route: GrpcEdgeRoute;
  /** Who may connect to its pods. */
  readonly edge: PolicyEdge;
}

/**
 * The ways to the gRPC doors that a Gateway leads to; none where the way in is an Ingress.
 *
 * @throws Error for a station that is no relay of the pipeline, has no gRPC door, or keeps no clients' keys (a door that clients
 * come to first must be able to tell a repeat), and for one that asks for no API key although clients need some.
 */
export function grpcWays<P extends AnyPipeline>(
  { pipeline, wayIn, ingress }: Pick<TweetPipelineProps<P>, "pipeline" | "wayIn" | "ingress">,
  relays: readonly PlannedRelay[],
  { refusePath }: KeyedDoors,
): readonly GrpcWay[] {
  const stations = wayIn === "gateway" ? (ingress?.grpc ?? []) : [];
  return stations.map((name) => {
    const relay = relays.find((each) => each.name === name);
    const grpc = relay?.station.grpc;
    if (relay === undefined || grpc === undefined || relay.station.http === undefined) {
      throw new Error(
        `Cannot lead gRPC clients into ${pipeline.name}: the station must have a gRPC door, and an HTTP door, which alone keeps clients' keys: current value is "${name}"`,
      );
    }
    const { workload } = relay;
    refusePath(workload, `${workload}-grpc`);
    return {
      route: {
        name: `${workload}-grpc`,
        methods: grpc.rpcs.map(({ method }) => ({
          service: method.parent.typeName,
          method: method.name,
        })),
        serviceName: frontOf(relay).name,
        port: grpc.port,
      },
      edge: { from: anyone, to: { app: workload }, ports: [grpc.port] },
    };
  });
}
