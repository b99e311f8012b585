import { Chart } from "cdk8s";
import { IntOrString } from "cdk8s-plus-28/lib/imports/k8s";
import { Construct } from "constructs";
import type { SecretPlan } from "../../services/secrets/config.ts";
import type { PolicyEdge, PolicyPeer } from "./network-policies.ts";
import { quorumOf } from "./quorum.ts";
import { rabbitAddress } from "./rabbit-address.ts";
import { amqp, epmd, management, nodePorts, peers } from "./rabbit-ports.ts";
import { scriptProbe } from "./server-pod.ts";
import type { ServerProps } from "./server-props.ts";
import type { SecretKey } from "./service-env.ts";
import { StatefulServer } from "./stateful-server.ts";

/** What a `RabbitMq` is made of. */
export interface RabbitMqProps extends ServerProps {
  /**
   * How many nodes: with 3, quorum queues have three copies of which two decide.
   * @default 1
   */
  readonly nodes?: number;

  /**
   * The Service of its clients, which has the management page's port too.
   * @default the name and `-service`
   */
  readonly serviceName?: string;

  /**
   * The Service of the management page.
   * @default the name and `-management`
   */
  readonly managementServiceName?: string;

  /**
   * The headless Service by which the nodes have names.
   * @default the name and `-nodes`
   */
  readonly nodesServiceName?: string;

  /**
   * The user that our services are.
   * @default "pipeline"
   */
  readonly user?: string;

  /**
   * The Secret that holds the password, and the address with it.
   * @default the name
   */
  readonly secretName?: string;
}

const metrics = { name: "metrics", targetPort: 15_692 };

/** The memory that a node may take before it holds publishers back: the rest is for what it does not count. */
const memoryShare = 0.6;

const defaultResources = {
  cpuRequestMillis: 100,
  cpuLimitMillis: 1_000,
  memoryRequestMiB: 256,
  memoryLimitMiB: 512,
};

/** A node's port is open when it serves; that it still does, only Erlang can say, for about a second of a core. */
const alive = scriptProbe("sh", "rabbitmq-diagnostics -q ping");

/** RabbitMQ as a StatefulSet of one or three nodes, whose quorum queues outlive their pods. */
export class RabbitMq extends Construct {
  /** The Secret that the nodes wait for. */
  readonly secret: SecretPlan;

  /** The address for clients, with user and password. */
  readonly url: SecretKey;

  /** The address as every namespace finds it; undefined where the chart has none itself. */
  readonly urlFromAnywhere: SecretKey | undefined;

  /** The nodes' workload, which their pods carry as `app`. */
  readonly app: string;

  /** The port of its pods that clients connect to. */
  readonly port: number = amqp.targetPort;

  constructor(scope: Construct, id: string, props: RabbitMqProps = {}) {
    super(scope, id);
    const { name = id, user = "pipeline", clusterDomain = "cluster.local" } = props;
    const { serviceName = `${name}-service`, nodesServiceName = `${name}-nodes` } = props;
    const resources = props.resources ?? defaultResources;
    const nodes = quorumOf(name, props.nodes ?? 1);
    const secretName = props.secretName ?? name;
    const address = rabbitAddress(this, { user, service: serviceName, secret: secretName });
    this.app = name;
    this.url = address.url;
    this.urlFromAnywhere = address.urlFromAnywhere;
    this.secret = {
      name: secretName,
      random: ["password", "cookie"],
      derived: address.derived,
    };
    const domain = (namespace: string) => `${nodesServiceName}.${namespace}.svc.${clusterDomain}`;
    new StatefulServer(this, "server", {
      ...props,
      name,
      component: "broker",
      defaultImage: "rabbitmq:4.0.5-management",
      user: 999,
      replicas: nodes,
      nodesService: nodesServiceName,
      ports: [amqp, management, metrics, epmd, peers],
      fronts: [
        { name: serviceName, ports: [amqp, management] },
        {
          name: props.managementServiceName ?? `${name}-management`,
          ports: [management],
        },
      ],
      env: {
        RABBITMQ_USE_LONGNAME: "true",
        RABBITMQ_NODENAME: `rabbit@$(POD_NAME).${domain("$(POD_NAMESPACE)")}`,
        RABBITMQ_DEFAULT_USER: user,
        RABBITMQ_DEFAULT_PASS: { secret: secretName, key: "password" },
        RABBITMQ_ERLANG_COOKIE: { secret: secretName, key: "cookie" },
        // Schedulers that wait busily take what the other pods of a small node need.
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "+sbwt none +sbwtdcpu none +sbwtdio none",
      },
      files: {
        mountPath: "/etc/rabbitmq/conf.d",
        texts: {
          "10-server.conf": serverConf(resources.memoryLimitMiB ?? 512),
          ...(nodes === 1 ? {} : { "20-cluster.conf": clusterConf(this, name, nodes, domain) }),
        },
      },
      dataPath: "/var/lib/rabbitmq",
      scratchPaths: ["/tmp"],
      probes: {
        startup: { tcpSocket: port(amqp), periodSeconds: 3, failureThreshold: 100 },
        readiness: { tcpSocket: port(amqp), periodSeconds: 5, timeoutSeconds: 3 },
        liveness: { ...alive, periodSeconds: 60, timeoutSeconds: 20, failureThreshold: 3 },
      },
      defaultResources,
      terminationGraceS: 60,
      minReadyS: nodes > 1 ? 10 : 0,
      secret: this.secret,
    });
  }

  /** Its pods, for the policies of the network. */
  get peer(): PolicyPeer {
    return { app: this.app };
  }

  /** What its pods say to each other. */
  get edges(): readonly PolicyEdge[] {
    return [{ from: this.peer, to: this.peer, ports: nodePorts }];
  }
}

function port({ targetPort }: { readonly targetPort: number }) {
  return { port: IntOrString.fromNumber(targetPort) };
}

function serverConf(memoryLimitMiB: number): string {
  return `log.console = true
log.console.level = warning
vm_memory_high_watermark.absolute = ${Math.floor(memoryLimitMiB * memoryShare)}MiB
disk_free_limit.absolute = 64MB
`;
}

/** The nodes find each other by name, so that nobody needs the right to ask Kubernetes. */
function clusterConf(
  scope: Construct,
  name: string,
  nodes: number,
  domain: (namespace: string) => string,
): string {
  const { namespace } = Chart.of(scope);
  if (namespace === undefined) {
    throw new Error(
      `Cannot run ${name} on ${nodes} nodes: they know each other by their namespace: current value of the chart's namespace is undefined`,
    );
  }
  const members = Array.from(
    { length: nodes },
    (_, node) =>
      `cluster_formation.classic_config.nodes.${node + 1} = rabbit@${name}-${node}.${domain(namespace)}\n`,
  );
  return `cluster_formation.peer_discovery_backend = classic_config
${members.join("")}cluster_partition_handling = pause_minority
`;
}
