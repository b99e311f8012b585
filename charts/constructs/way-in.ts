import { Construct } from "constructs";
import type { ClusterProps } from "../cluster-props.ts";
import { Edge, type EdgeProps } from "./edge.ts";
import { GatewayEdge, type GrpcEdgeRoute } from "./gateway.ts";

/** What a `WayIn` is made of. */
export interface WayInProps
  extends Omit<EdgeProps, "className" | "name" | "labels">,
    Pick<
      ClusterProps,
      "wayIn" | "ingressClassName" | "gatewayClassName" | "gatewayTlsSecret" | "gatewayGrpcHost"
    > {
  /** The name of the pipeline, which its objects' names begin with. */
  readonly pipeline: string;

  /**
   * The Ingress's name, or that of the Gateway and its HTTPRoute.
   * @default the pipeline's and `-ingress` or `-gateway`
   */
  readonly name?: string | undefined;

  /** The gRPC routes, which a Gateway has. */
  readonly grpc: readonly GrpcEdgeRoute[];
}

/** The way in for clients: an Ingress, or a Gateway in its place. */
export class WayIn extends Construct {
  constructor(scope: Construct, id: string, props: WayInProps) {
    super(scope, id);
    const { pipeline, wayIn = "ingress", name = `${pipeline}-${wayIn}`, grpc, ...rest } = props;
    const labels = { "app.kubernetes.io/part-of": pipeline };
    const shared = { name, labels, host: rest.host, routes: rest.routes };
    if (wayIn === "ingress") {
      new Edge(this, "ingress", { ...shared, className: rest.ingressClassName });
      return;
    }
    const { gatewayClassName, gatewayTlsSecret: tlsSecret, gatewayGrpcHost: grpcHost } = rest;
    const gateway = { className: gatewayClassName, tlsSecret, grpc, grpcHost };
    new GatewayEdge(this, "gateway", { ...shared, ...gateway });
  }
}
