import { ApiObject } from "cdk8s";
import { Construct } from "constructs";
import type { EdgeProps, EdgeRoute } from "./edge.ts";
import type { GatewaySpec, GrpcRouteSpec, HeaderFilter, HttpRouteSpec } from "./gateway-forms.ts";
import { refusePublic } from "./refuse-public.ts";

/** Where calls of some methods go. */
export interface GrpcEdgeRoute {
  /** The route's name. */
  readonly name: string;

  /** The methods, as gRPC names them. */
  readonly methods: readonly { readonly service: string; readonly method: string }[];

  /** The Service that answers; a headless one, whose pods share the calls. */
  readonly serviceName: string;

  /** The Service's port. */
  readonly port: number;
}

/** What a `GatewayEdge` is made of. */
export interface GatewayEdgeProps extends Omit<EdgeProps, "className"> {
  /**
   * The GatewayClass that serves it; a cluster has no default one.
   * @default "traefik"
   */
  readonly className?: string | undefined;

  /**
   * The Secret of the certificate, of the type `kubernetes.io/tls`; with it everything is served on port 443, and port 80
   * sends there.
   * @default none: port 80 alone, in the clear
   */
  readonly tlsSecret?: string | undefined;

  /**
   * The gRPC routes, each method once.
   * @default none
   */
  readonly grpc?: readonly GrpcEdgeRoute[];

  /**
   * The host name that gRPC calls carry, which must be another one than that of HTTP requests.
   * @default "grpc." before the host, or before "localhost"
   */
  readonly grpcHost?: string | undefined;
}

const apiVersion = "gateway.networking.k8s.io/v1";

/** A route has no more rules than that, nor a rule more matches. */
const rulesMax = 16;

/** The mark by which our own stations tell each other that an event was let in: from outside, nobody may say so. */
const unmarked: HeaderFilter = {
  type: "RequestHeaderModifier",
  requestHeaderModifier: { remove: ["x-event-forwarded"] },
};

/**
 * The way in by Gateway API, in the place of an Ingress: a Gateway of the namespace's own, an HTTPRoute with the paths that an
 * Ingress would have, and GRPCRoutes, which no Ingress has. Controllers lead both to the pods behind a Service, so that a gRPC
 * client's calls are shared by all of them. None may lead to a broker or a store.
 *
 * An HTTPRoute and a GRPCRoute may not share a listener's host name: a controller refuses the younger one
 * (https://gateway-api.sigs.k8s.io/api-types/grpcroute/#cross-serving). gRPC therefore has a listener of its own.
 */
export class GatewayEdge extends Construct {
  constructor(scope: Construct, id: string, props: GatewayEdgeProps) {
    super(scope, id);
    const { name, routes, grpc = [], labels = {}, tlsSecret } = props;
    refuseRoutes(name, routes, grpc);
    refuseHost(props);
    const grpcHost = grpcHostOf(props);
    const [listener, grpcListener] =
      tlsSecret === undefined ? ["http", "grpc"] : ["https", "grpcs"];
    const object = (kind: string, own: string, spec: object) =>
      new ApiObject(this, `${kind}-${own}`, {
        apiVersion,
        kind,
        metadata: { name: own, labels: { ...labels } },
        spec,
      });
    const place = (sectionName: string, host = props.host) => ({
      parentRefs: [{ name, sectionName }],
      ...(host === undefined ? {} : { hostnames: [host] }),
    });
    object("Gateway", name, gatewaySpec(props));
    const paths = [...routes].sort((one, other) => (one.path < other.path ? -1 : 1));
    const http: HttpRouteSpec = {
      ...place(listener),
      rules: paths.map(({ path, service, port }) => ({
        matches: [{ path: { type: "PathPrefix", value: path } }],
        filters: [unmarked],
        backendRefs: [{ name: service.name, port }],
      })),
    };
    object("HTTPRoute", name, http);
    if (tlsSecret !== undefined) {
      const filters: HttpRouteSpec["rules"][number]["filters"] = [
        { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
      ];
      const redirect: HttpRouteSpec = { ...place("http"), rules: [{ filters }] };
      object("HTTPRoute", `${name}-to-https`, redirect);
    }
    for (const route of grpc)
      object("GRPCRoute", route.name, grpcSpec(place(grpcListener, grpcHost), route));
  }
}

function gatewaySpec(props: GatewayEdgeProps): GatewaySpec {
  const { className = "traefik", host, tlsSecret, grpc = [] } = props;
  const grpcHost = grpc.length === 0 ? undefined : grpcHostOf(props);
  return {
    gatewayClassName: className,
    listeners: [
      clear("http", host),
      ...(grpcHost === undefined || tlsSecret !== undefined ? [] : [clear("grpc", grpcHost)]),
      ...(tlsSecret === undefined ? [] : [encrypted("https", host, tlsSecret)]),
      ...(grpcHost === undefined || tlsSecret === undefined
        ? []
        : [encrypted("grpcs", grpcHost, tlsSecret)]),
    ],
  };
}

function grpcHostOf({ host = "localhost", grpcHost }: GatewayEdgeProps): string {
  return grpcHost ?? `grpc.${host}`;
}

type Listener = GatewaySpec["listeners"][number];

function clear(name: string, host: string | undefined): Listener {
  return { name, port: 80, protocol: "HTTP", ...common(host) };
}

function encrypted(name: string, host: string | undefined, certificate: string): Listener {
  return {
    ...{ name, port: 443, protocol: "HTTPS" as const },
    ...common(host),
    tls: { mode: "Terminate", certificateRefs: [{ name: certificate }] },
  };
}

function common(host: string | undefined): Pick<Listener, "hostname" | "allowedRoutes"> {
  return {
    ...(host === undefined ? {} : { hostname: host }),
    allowedRoutes: { namespaces: { from: "Same" } },
  };
}

function grpcSpec(
  place: Pick<GrpcRouteSpec, "parentRefs" | "hostnames">,
  { methods, serviceName, port }: GrpcEdgeRoute,
): GrpcRouteSpec {
  return {
    ...place,
    rules: [
      {
        matches: methods.map(({ service, method }) => ({
          method: { type: "Exact", service, method },
        })),
        filters: [unmarked],
        backendRefs: [{ name: serviceName, port }],
      },
    ],
  };
}

function refuseHost(props: GatewayEdgeProps): void {
  const grpcHost = grpcHostOf(props);
  if (props.grpc === undefined || grpcHost !== props.host) return;
  throw new Error(
    `Cannot lead gRPC clients in by ${props.name}: routes for HTTP and gRPC may not share a host name: current value is "${grpcHost}"`,
  );
}

function refuseRoutes(
  gateway: string,
  routes: readonly EdgeRoute[],
  grpc: readonly GrpcEdgeRoute[],
): void {
  for (const { path, service } of routes) {
    const { name = "a Service", labels = {} } = service.metadata.toJson();
    refusePublic(name, labels, `path ${path} of the Gateway`);
  }
  const most = Math.max(routes.length, ...grpc.map(({ methods }) => methods.length));
  if (most > rulesMax) {
    throw new Error(
      `Cannot make routes of ${gateway}: one has ${rulesMax} paths or methods at most: current value is ${most}`,
    );
  }
  const methods = grpc.flatMap((each) => each.methods.map((one) => `${one.service}/${one.method}`));
  const twice = methods.find((method, at) => methods.indexOf(method) !== at);
  if (twice === undefined) return;
  throw new Error(
    `Cannot make routes of ${gateway}: two stations answer one gRPC method, and a route could not tell them apart: current value is "${twice}"`,
  );
}
