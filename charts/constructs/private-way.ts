import { isIPv4 } from "node:net";
import { ApiObject } from "cdk8s";
import { IntOrString, KubeNetworkPolicy } from "cdk8s-plus-28/lib/imports/k8s";
import { Construct } from "constructs";

/** What a `PrivateWay` is made of. */
export interface PrivateWayProps {
  /** The workload whose pod it leads to, which carries the name as `app`. */
  readonly app: string;

  /** The port of the pod, and of the address. */
  readonly port: number;

  /** The addresses that may connect, such as those of a subnet, `10.128.0.0/20`. */
  readonly cidr: string;

  /**
   * The name of the Service.
   * @default the workload's and `-private`
   */
  readonly name?: string;
}

/**
 * An address of the private network that leads to the first pod of a store, for one range of addresses: a load balancer
 * of GKE that is internal, and the policy that lets the range in. Nobody outside of the network has a way to it.
 *
 * Callers keep their addresses on the way (`externalTrafficPolicy: Local`), without which the policy would judge nodes.
 */
export class PrivateWay extends Construct {
  constructor(scope: Construct, id: string, props: PrivateWayProps) {
    super(scope, id);
    const { app, port, cidr, name = `${app}-private` } = props;
    refuseRange(name, cidr);
    new ApiObject(this, "service", {
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name,
        labels: { app, "app.kubernetes.io/component": "private-way" },
        annotations: { "networking.gke.io/load-balancer-type": "Internal" },
      },
      spec: {
        type: "LoadBalancer",
        externalTrafficPolicy: "Local",
        loadBalancerSourceRanges: [cidr],
        selector: { app, "statefulset.kubernetes.io/pod-name": `${app}-0` },
        ports: [{ name: "private", port, targetPort: port }],
      },
    });
    new KubeNetworkPolicy(this, "policy", {
      metadata: { name: `allow-${name}` },
      spec: {
        podSelector: { matchLabels: { app } },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [{ ipBlock: { cidr } }],
            ports: [{ port: IntOrString.fromNumber(port), protocol: "TCP" }],
          },
        ],
      },
    });
  }
}

const privateRange = /^(10|172\.(1[6-9]|2\d|3[01])|192\.168)(\.\d{1,3}){2,3}\/(?<bits>\d{1,2})$/;

/** @throws Error for addresses that are not private ones (RFC 1918). */
function refuseRange(name: string, cidr: string): void {
  const bits = Number(isIPv4(cidr.split("/")[0] ?? "") && privateRange.exec(cidr)?.groups?.bits);
  if (bits >= 8 && bits <= 32) return;
  throw new Error(
    `Cannot open ${name}: only private addresses may connect, such as 10.128.0.0/20: current value is "${cidr}"`,
  );
}
