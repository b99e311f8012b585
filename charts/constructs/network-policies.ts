import {
  IntOrString,
  KubeNetworkPolicy,
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
} from "cdk8s-plus-28/lib/imports/k8s";
import { Construct } from "constructs";

/** One end of an edge. */
export type PolicyPeer =
  /** The pods of a workload of this namespace, by what they carry as `app`. */
  | { readonly app: string }
  /** The pods of this namespace with these labels, which somebody else made, and a name for them. */
  | { readonly name: string; readonly labels: Readonly<Record<string, string>> }
  /** The pods of another namespace, all of them or those with some labels. */
  | { readonly namespace: string; readonly labels?: Readonly<Record<string, string>> }
  /** Addresses outside of the cluster; whether pods are among those of `0.0.0.0/0` differs between clusters. */
  | { readonly cidr: string }
  /** Everybody, pods of every namespace included. */
  | { readonly anyone: true };

/** Everybody, pods of every namespace included. */
export const anyone: PolicyPeer = { anyone: true };

/** Who may open connections to whom. */
export interface PolicyEdge {
  /** Who opens connections. */
  readonly from: PolicyPeer;

  /** Who takes them. */
  readonly to: PolicyPeer;

  /** The ports of the pods that take them, not those of a Service before them; `all` for where those are not known. */
  readonly ports: readonly number[] | "all";
}

/** What `NetworkPolicies` are made of. */
export interface NetworkPoliciesProps {
  /** All that may connect; whatever is not listed here may not. */
  readonly edges: readonly PolicyEdge[];

  /**
   * Who answers questions about names, on port 53.
   * @default the cluster's name servers: `k8s-app: kube-dns` in `kube-system`
   */
  readonly dns?: readonly Exclude<PolicyPeer, { anyone: true }>[];
}

/**
 * The network of a namespace: nobody may connect to or from its pods, but everybody may ask for names, and along the
 * edges each end has a policy that lets the other in or out. One policy a workload, `allow-<workload>`.
 */
export class NetworkPolicies extends Construct {
  constructor(scope: Construct, id: string, props: NetworkPoliciesProps) {
    super(scope, id);
    const { dns = [clusterDns] } = props;
    props.edges.forEach(refuseEdge);
    // Several ways may lead through one door.
    const edges = [...new Map(props.edges.map((edge) => [JSON.stringify(edge), edge])).values()];
    new KubeNetworkPolicy(this, "deny", {
      metadata: { name: "default-deny" },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    });
    new KubeNetworkPolicy(this, "dns", {
      metadata: { name: "allow-dns" },
      spec: {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ to: dns.map(peerOf), ports: [portOf(53, "UDP"), portOf(53)] }],
      },
    });
    const own = new Map(edges.flatMap(({ from, to }) => [from, to].flatMap(ownOf)));
    for (const [app, matchLabels] of [...own].sort(([a], [b]) => a.localeCompare(b))) {
      const inward = edges.filter(({ to }) => isOwn(to, app));
      const outward = edges.filter(({ from }) => isOwn(from, app));
      new KubeNetworkPolicy(this, app, {
        metadata: { name: `allow-${app}` },
        spec: {
          podSelector: { matchLabels },
          policyTypes: [
            ...(inward.length === 0 ? [] : ["Ingress"]),
            ...(outward.length === 0 ? [] : ["Egress"]),
          ],
          ...(inward.length === 0
            ? {}
            : {
                ingress: inward.map(({ from, ports }) => ({
                  ...("anyone" in from ? {} : { from: [peerOf(from)] }),
                  ...tcp(ports),
                })),
              }),
          ...(outward.length === 0
            ? {}
            : {
                egress: outward.map(({ to, ports }) => ({
                  ...("anyone" in to ? {} : { to: [peerOf(to)] }),
                  ...tcp(ports),
                })),
              }),
        },
      });
    }
  }
}

const clusterDns = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } };

/**
 * The API server as an edge's end: its address is nobody's pod, and what a policy judges is the port behind its Service.
 */
export const apiServer: Pick<PolicyEdge, "to" | "ports"> = {
  to: { cidr: "0.0.0.0/0" },
  ports: [443, 6_443],
};

/** An edge without a workload of the namespace concerns none of its pods, and one without ports would be all of them. */
function refuseEdge({ from, to, ports }: PolicyEdge): void {
  if (ports.length > 0 && ownOf(from).length + ownOf(to).length > 0) return;
  throw new Error(
    `Cannot allow a connection: it needs a workload of this namespace at one end, and ports: current value is ${JSON.stringify({ from, to, ports })}`,
  );
}

/** The pods of this namespace that an end stands for: their name, and the labels that choose them. */
function ownOf(
  peer: PolicyPeer,
): readonly (readonly [string, { readonly [key: string]: string }])[] {
  if ("app" in peer) return [[peer.app, { app: peer.app }]];
  return "name" in peer ? [[peer.name, peer.labels]] : [];
}

function isOwn(peer: PolicyPeer, name: string): boolean {
  return ownOf(peer).some(([own]) => own === name);
}

function peerOf(peer: Exclude<PolicyPeer, { anyone: true }>): NetworkPolicyPeer {
  if ("app" in peer) return { podSelector: { matchLabels: { app: peer.app } } };
  if ("name" in peer) return { podSelector: { matchLabels: { ...peer.labels } } };
  if ("cidr" in peer) return { ipBlock: { cidr: peer.cidr } };
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": peer.namespace } },
    ...(peer.labels === undefined ? {} : { podSelector: { matchLabels: { ...peer.labels } } }),
  };
}

function tcp(ports: PolicyEdge["ports"]): { readonly ports?: NetworkPolicyPort[] } {
  return ports === "all" ? {} : { ports: ports.map((port) => portOf(port)) };
}

function portOf(port: number, protocol: "TCP" | "UDP" = "TCP"): NetworkPolicyPort {
  return { port: IntOrString.fromNumber(port), protocol };
}
