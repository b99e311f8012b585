import { ApiObject } from "cdk8s";
import { Construct } from "constructs";
import type { SecretPlan } from "../../services/secrets/config.ts";
import { Front } from "./front.ts";
import { apiServer, type PolicyEdge, type PolicyPeer } from "./network-policies.ts";
import { type OperatorResources, restrictedByOperator, restrictedPod } from "./operator-pods.ts";
import { pinnedImage } from "./pinned-image.ts";
import { quorumOf } from "./quorum.ts";
import { rabbitAddress } from "./rabbit-address.ts";
import { amqp, management, nodePorts } from "./rabbit-ports.ts";
import { placeOf } from "./secret-plan.ts";
import type { SecretKey } from "./service-env.ts";

/** What a `RabbitMqByOperator` is made of. */
export interface RabbitMqByOperatorProps {
  /**
   * The cluster's name, which the operator's own Services begin with.
   * @default the construct's id
   */
  readonly name?: string;

  /** What it is a part of. */
  readonly partOf: string;

  /**
   * How many nodes: with 3, quorum queues have three copies of which two decide.
   * @default 3
   */
  readonly nodes?: number;

  /**
   * The Service of its clients, beside the operator's own.
   * @default the name and `-service`
   */
  readonly serviceName?: string;

  /**
   * The Service of the management page.
   * @default the name and `-management`
   */
  readonly managementServiceName?: string;

  /**
   * The user that our services are.
   * @default "pipeline"
   */
  readonly user?: string;

  /**
   * The image, with a tag that names a version.
   * @default the version that everything here is tested with
   */
  readonly image?: string;

  /**
   * The volume of each node, in MiB.
   * @default 1,024
   */
  readonly storageMiB?: number;

  /**
   * The storage class of the volumes.
   * @default the cluster's default class
   */
  readonly storageClassName?: string;
}

/** The `RabbitmqCluster` of RabbitMQ's cluster operator, as far as it is written here. */
interface RabbitmqClusterSpec {
  readonly replicas: number;
  readonly image: string;
  readonly secretBackend: { readonly externalSecret: { readonly name: string } };
  readonly persistence: { readonly storage: string; readonly storageClassName?: string };
  readonly resources: OperatorResources;
  readonly terminationGracePeriodSeconds: number;
  readonly rabbitmq: { readonly additionalConfig: string };
  readonly override: {
    readonly statefulSet: { readonly spec: { readonly template: { readonly spec: PodOverride } } };
  };
}

/** What is laid over the pods that the operator would make; containers are found by their names. */
interface PodOverride {
  readonly securityContext: typeof restrictedPod;
  readonly containers: readonly ContainerOverride[];
  readonly initContainers: readonly ContainerOverride[];
}

interface ContainerOverride {
  readonly name: string;
  readonly securityContext: typeof restrictedByOperator;
  readonly resources?: OperatorResources;
}

const resources: OperatorResources = {
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { cpu: "1000m", memory: "512Mi" },
};

/** The operator's own default, for a container that copies two files, is half a gigabyte. */
const setupResources: OperatorResources = {
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
};

/** The operator's own default is a week, which an upgrade waits for a node that cannot be spared. */
const terminationGraceS = 120;

/**
 * RabbitMQ by its cluster operator (`rabbitmq.com/v1beta1`), under the names that a `RabbitMq` has: whoever uses it cannot
 * tell them apart. User and password are of the same Secret, made by whoever makes the chart's Secrets.
 */
export class RabbitMqByOperator extends Construct {
  /** The Secret that the nodes wait for. */
  readonly secret: SecretPlan;

  /** The address for clients, with user and password. */
  readonly url: SecretKey;

  /** The address as every namespace finds it; undefined where the chart has none itself. */
  readonly urlFromAnywhere: SecretKey | undefined;

  /** The port of its pods that clients connect to. */
  readonly port: number = amqp.targetPort;

  private readonly name: string;

  constructor(scope: Construct, id: string, props: RabbitMqByOperatorProps) {
    super(scope, id);
    const { name = id, partOf, user = "pipeline", serviceName = `${name}-service` } = props;
    const address = rabbitAddress(this, { user, service: serviceName, secret: name });
    this.name = name;
    this.url = address.url;
    this.urlFromAnywhere = address.urlFromAnywhere;
    this.secret = {
      name,
      random: ["password"],
      derived: {
        ...address.derived,
        username: user,
        // Keys that the operator asks for: RabbitMQ's own form of the two.
        "default_user.conf": `default_user = ${user}\ndefault_pass = ${placeOf("password")}\n`,
      },
    };
    new ApiObject(this, "cluster", {
      apiVersion: "rabbitmq.com/v1beta1",
      kind: "RabbitmqCluster",
      metadata: { name, labels: { "app.kubernetes.io/part-of": partOf } },
      spec: clusterSpec(name, props),
    });
    const { managementServiceName = `${name}-management` } = props;
    const labels = { "app.kubernetes.io/component": "broker", "app.kubernetes.io/part-of": partOf };
    const behind = { selector: podLabels(name), labels };
    new Front(this, "front", { name: serviceName, ports: [amqp, management], ...behind });
    new Front(this, "page", { name: managementServiceName, ports: [management], ...behind });
  }

  /** Its pods, for the policies of the network. */
  get peer(): PolicyPeer {
    return { name: this.name, labels: podLabels(this.name) };
  }

  /** What its pods say to each other, and to the API server, by which they find each other. */
  get edges(): readonly PolicyEdge[] {
    return [
      { from: this.peer, to: this.peer, ports: nodePorts },
      { from: this.peer, ...apiServer },
    ];
  }
}

/** What the operator's pods carry. */
function podLabels(name: string): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/component": "rabbitmq", "app.kubernetes.io/name": name };
}

function clusterSpec(name: string, props: RabbitMqByOperatorProps): RabbitmqClusterSpec {
  const { storageMiB = 1_024, storageClassName } = props;
  const container = { securityContext: restrictedByOperator };
  return {
    replicas: quorumOf(name, props.nodes ?? 3),
    image: pinnedImage(name, props, "rabbitmq:4.0.5-management").image,
    secretBackend: { externalSecret: { name } },
    persistence: {
      storage: `${storageMiB}Mi`,
      ...(storageClassName === undefined ? {} : { storageClassName }),
    },
    resources,
    terminationGracePeriodSeconds: terminationGraceS,
    // The operator's own limit is 2 GB, below which a smaller volume would hold publishers back from the start.
    rabbitmq: { additionalConfig: "disk_free_limit.absolute = 64MB\n" },
    override: {
      statefulSet: {
        spec: {
          template: {
            spec: {
              securityContext: restrictedPod,
              containers: [{ name: "rabbitmq", ...container }],
              initContainers: [
                { name: "setup-container", ...container, resources: setupResources },
              ],
            },
          },
        },
      },
    },
  };
}
