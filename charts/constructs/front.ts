import { Service, ServiceType } from "cdk8s-plus-28";
import { Construct } from "constructs";
import { refusePublic } from "./refuse-public.ts";

/** A port that a Service shows. */
export interface FrontPort {
  /** The port's name, such as `http`; one name stands for one port of the container. */
  readonly name: string;

  /** The port of the container. */
  readonly targetPort: number;

  /**
   * The Service's port.
   * @default the container's
   */
  readonly port?: number;
}

/** A Service in front of a workload's pods. */
export interface FrontProps {
  /** The Service's name. */
  readonly name: string;

  /** The ports, at least one. */
  readonly ports: readonly FrontPort[];

  /**
   * Whether a load balancer outside of the cluster leads to it.
   * @default false
   */
  readonly loadBalancer?: boolean;

  /**
   * What the name stands for: one address that balances connections, the address of each pod that is ready, or that of
   * every pod. The latter two map no ports.
   * @default balanced
   */
  readonly resolves?: "balanced" | "ready-pods" | "every-pod";
}

/** What a `Front` knows of the workload behind it. */
export interface FrontTarget {
  /** The labels by which pods are chosen. */
  readonly selector: Readonly<Record<string, string>>;

  /** Labels of the Service. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * A Service that chooses its pods by the labels that people use, not by a hash of the construct's path. No load balancer may
 * lead to a broker or a store.
 */
export class Front extends Construct {
  readonly service: Service;

  constructor(scope: Construct, id: string, props: FrontProps & FrontTarget) {
    super(scope, id);
    const { resolves = "balanced" } = props;
    if (props.loadBalancer) refusePublic(props.name, props.labels, "loadBalancer true");
    this.service = new Service(this, "service", {
      metadata: { name: props.name, labels: { ...props.labels } },
      type: props.loadBalancer ? ServiceType.LOAD_BALANCER : ServiceType.CLUSTER_IP,
      ...(resolves === "balanced" ? {} : { clusterIP: "None" }),
      ...(resolves === "every-pod" ? { publishNotReadyAddresses: true } : {}),
      ports: props.ports.map(({ name, port, targetPort }) => ({
        name,
        port: port ?? targetPort,
        targetPort,
      })),
    });
    for (const [key, value] of Object.entries(props.selector)) {
      this.service.selectLabel(key, value);
    }
  }
}
