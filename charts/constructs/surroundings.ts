import { Construct } from "constructs";
import type { ClusterProps } from "../cluster-props.ts";
import { ExternalSecrets } from "./external-secret.ts";
import type { LoadGenerator } from "./load-generator.ts";
import { anyone, apiServer, NetworkPolicies, type PolicyEdge } from "./network-policies.ts";
import { SecretsBootstrap } from "./secrets-bootstrap.ts";
import type { Server } from "./sources.ts";

/** What `Surroundings` are made of. */
interface SurroundingsProps extends Pick<ClusterProps, "registry" | "secrets" | "secretStore"> {
  /** What all of it is a part of. */
  readonly partOf: string;

  /** The brokers and stores. */
  readonly servers: readonly Server[];

  /** Who of the pipeline connects to whom. */
  readonly edges: readonly PolicyEdge[];

  /** What of the pipeline speaks HTTP. */
  readonly open: readonly Omit<PolicyEdge, "from">[];

  /**
   * What makes load, which may connect to the pipeline's doors and to whatever way in it is given.
   * @default nothing
   */
  readonly load?: LoadGenerator | undefined;
}

/** What stands around a pipeline in its namespace: the Secrets of its brokers and stores, and the network's policies. */
export class Surroundings extends Construct {
  constructor(scope: Construct, id: string, props: SurroundingsProps) {
    super(scope, id);
    const { partOf, servers, edges, open, load, registry = "", secrets = "bootstrap" } = props;
    const plans = servers.flatMap(({ secret }) => secret ?? []);
    const by = secrets === "bootstrap" ? "bootstrap" : "external";
    const bootstrap = { secrets: plans, by, partOf, registry } as const;
    const { app } = new SecretsBootstrap(this, "secrets", bootstrap);
    if (secrets === "external-secrets") {
      new ExternalSecrets(this, "external", { secrets: plans, partOf, store: props.secretStore });
    }
    new NetworkPolicies(this, "network", {
      edges: [
        ...edges,
        ...servers.flatMap((server) => server.edges ?? []),
        ...(app === undefined ? [] : [{ from: { app }, ...apiServer }]),
        ...(load === undefined ? [] : loadEdges(load, open)),
      ],
    });
  }
}

/** Load goes where it is sent; people see its page by the Ingress; its pods talk among themselves. */
function loadEdges(load: LoadGenerator, open: SurroundingsProps["open"]): readonly PolicyEdge[] {
  const inside = load.apps.flatMap((app) => open.map((door) => ({ from: { app }, ...door })));
  const outside = load.apps.map((app): PolicyEdge => ({ from: { app }, to: anyone, ports: "all" }));
  return [...inside, ...outside, { from: anyone, ...load.page }, ...load.edges];
}
