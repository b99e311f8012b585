/** A `Gateway`, as far as it is written here. */
export type GatewaySpec = {
  readonly gatewayClassName: string;
  readonly listeners: readonly {
    readonly name: string;
    readonly port: number;
    readonly protocol: "HTTP" | "HTTPS";
    readonly hostname?: string;
    readonly allowedRoutes: { readonly namespaces: { readonly from: "Same" } };
    readonly tls?: {
      readonly mode: "Terminate";
      readonly certificateRefs: readonly { readonly name: string }[];
    };
  }[];
};

/** What routes of both kinds have in common. */
type RouteSpec = {
  readonly parentRefs: readonly { readonly name: string; readonly sectionName: string }[];
  readonly hostnames?: readonly string[];
};

/** A Service that a rule leads to. */
type BackendRef = {
  readonly name: string;
  readonly port: number;
};

/** Takes headers away from requests. */
export type HeaderFilter = {
  readonly type: "RequestHeaderModifier";
  readonly requestHeaderModifier: { readonly remove: readonly string[] };
};

/** Sends clients to the encrypted port. */
type RedirectFilter = {
  readonly type: "RequestRedirect";
  readonly requestRedirect: { readonly scheme: "https"; readonly statusCode: 301 };
};

/** An `HTTPRoute`, as far as it is written here. */
export type HttpRouteSpec = RouteSpec & {
  readonly rules: readonly {
    readonly matches?: readonly {
      readonly path: { readonly type: "PathPrefix"; readonly value: string };
    }[];
    readonly filters: readonly (HeaderFilter | RedirectFilter)[];
    readonly backendRefs?: readonly BackendRef[];
  }[];
};

/** A `GRPCRoute`, as far as it is written here. */
export type GrpcRouteSpec = RouteSpec & {
  readonly rules: readonly {
    readonly matches: readonly {
      readonly method: {
        readonly type: "Exact";
        readonly service: string;
        readonly method?: string;
      };
    }[];
    readonly filters: readonly HeaderFilter[];
    readonly backendRefs: readonly BackendRef[];
  }[];
};
