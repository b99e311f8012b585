import { Construct } from "constructs";
import type { SecretPlan } from "../../services/secrets/config.ts";
import {
  type KafkaEnv,
  kafkaEnv,
  kafkaLogins,
  refuseUsers,
  serviceUsers,
  withNodeUser,
} from "./kafka-access.ts";
import {
  kafkaDataPath,
  kafkaEnvironment,
  kafkaFiles,
  kafkaFilesPath,
  kafkaPorts,
} from "./kafka-settings.ts";
import type { PolicyEdge, PolicyPeer } from "./network-policies.ts";
import { quorumOf } from "./quorum.ts";
import { placeOf } from "./secret-plan.ts";
import { scriptProbe } from "./server-pod.ts";
import type { ServerProps } from "./server-props.ts";
import { StatefulServer } from "./stateful-server.ts";

/** What a `KafkaCluster` is made of. */
export interface KafkaClusterProps extends ServerProps {
  /**
   * How many nodes, each broker and controller at once: with 3, data has three copies and two must be in sync.
   * @default 1
   */
  readonly nodes?: number;

  /**
   * The Service that clients begin at.
   * @default the name and `-service`
   */
  readonly serviceName?: string;

  /**
   * The headless Service by which the nodes have names.
   * @default the name and `-nodes`
   */
  readonly nodesServiceName?: string;

  /**
   * Who may sign in, each with a password of its own.
   * @default relay, consumer and board
   */
  readonly users?: readonly string[];

  /**
   * The Secret that holds the passwords.
   * @default the name
   */
  readonly secretName?: string;

  /**
   * The host that a node tells its clients; `$(POD_NAME)` stands for the pod's name.
   * @default the pod's own name in the cluster
   */
  readonly advertisedHost?: string;

  /**
   * How many partitions a topic has that does not say.
   * @default 3
   */
  readonly partitions?: number;

  /**
   * Whether a topic is made by whoever asks for it first. Our services make theirs themselves.
   * @default false
   */
  readonly createTopics?: boolean;

  /**
   * The cluster's id, 16 bytes in base64url; a node refuses a volume of another cluster.
   * @default one that is always the same
   */
  readonly clusterId?: string;

  /**
   * The heap of a node, in MiB; memory is asked for to match, unless `resources` says otherwise.
   * @default 256
   */
  readonly heapMiB?: number;
}

/** An ApiVersions request, which a node answers before anybody signs in: length, key 18, version 0, id 1, no client. */
const askVersions = "\\0\\0\\0\\12\\0\\22\\0\\0\\0\\0\\0\\1\\377\\377";

/** The answer's id, and error code 0. */
const versionsFollow = "000000010000";

/** A port that takes connections proves little: a program that hangs has one too. */
const answers = scriptProbe(
  "bash",
  `exec 3<>/dev/tcp/127.0.0.1/${kafkaPorts.clients} && printf '${askVersions}' >&3 && [ "$(timeout 5 head -c 10 <&3 | tail -c 6 | od -An -tx1 | tr -d ' \\n')" = ${versionsFollow} ]`,
);

/** Kafka without ZooKeeper, as a StatefulSet of one or three nodes, whose clients sign in. */
export class KafkaCluster extends Construct {
  /** The Secret that the nodes wait for. */
  readonly secret: SecretPlan;

  /** Where clients begin, `host:port`. */
  readonly bootstrap: string;

  /** The nodes' workload, which their pods carry as `app`. */
  readonly app: string;

  private readonly users: readonly string[];

  /** The port of its pods that clients connect to. */
  readonly port: number = kafkaPorts.clients;

  constructor(scope: Construct, id: string, props: KafkaClusterProps = {}) {
    super(scope, id);
    const {
      name = id,
      users = serviceUsers,
      heapMiB = 256,
      clusterDomain = "cluster.local",
    } = props;
    const { serviceName = `${name}-service`, nodesServiceName = `${name}-nodes` } = props;
    const nodes = quorumOf(name, props.nodes ?? 1);
    const nodeHost = `$(POD_NAME).${nodesServiceName}.$(POD_NAMESPACE).svc.${clusterDomain}`;
    refuseUsers(name, users);
    refuseUnreachable(name, nodes, props.advertisedHost ?? nodeHost);
    const logins = kafkaLogins(users, placeOf);
    this.app = name;
    this.users = users;
    this.bootstrap = `${serviceName}:${kafkaPorts.clients}`;
    this.secret = {
      name: props.secretName ?? name,
      random: withNodeUser(users),
      derived: { "clients-login": logins.clients, "nodes-login": logins.nodes },
    };
    const clientPort = { name: "clients", targetPort: kafkaPorts.clients };
    new StatefulServer(this, "server", {
      ...props,
      name,
      component: "broker",
      defaultImage: "apache/kafka:4.3.1",
      user: 1_000,
      replicas: nodes,
      nodesService: nodesServiceName,
      ports: [
        clientPort,
        { name: "nodes", targetPort: kafkaPorts.nodes },
        { name: "controllers", targetPort: kafkaPorts.controllers },
      ],
      fronts: [{ name: serviceName, ports: [clientPort] }],
      env: kafkaEnvironment({
        name,
        nodes,
        clusterId: props.clusterId ?? "dHdlZXQtcGlwZWxpbmUtMQ",
        advertisedHost: props.advertisedHost ?? nodeHost,
        nodeHost,
        partitions: props.partitions ?? 3,
        createTopics: props.createTopics ?? false,
        heapMiB,
        logins: {
          clients: { secret: this.secret.name, key: "clients-login" },
          nodes: { secret: this.secret.name, key: "nodes-login" },
        },
      }),
      files: { mountPath: kafkaFilesPath, texts: kafkaFiles },
      dataPath: kafkaDataPath,
      scratchPaths: ["/opt/kafka/config", "/opt/kafka/logs", "/tmp"],
      probes: {
        startup: { ...answers, periodSeconds: 3, timeoutSeconds: 6, failureThreshold: 60 },
        readiness: { ...answers, periodSeconds: 10, timeoutSeconds: 6 },
        liveness: { ...answers, periodSeconds: 20, timeoutSeconds: 6, failureThreshold: 4 },
      },
      defaultResources: {
        cpuRequestMillis: 100,
        cpuLimitMillis: 1_000,
        // Beside the heap: code, threads, network buffers.
        memoryRequestMiB: heapMiB + 160,
        memoryLimitMiB: 2 * heapMiB + 256,
      },
      terminationGraceS: 45,
      // The others wait until a node that came back has caught up.
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
    return [
      {
        from: this.peer,
        to: this.peer,
        ports: [kafkaPorts.clients, kafkaPorts.nodes, kafkaPorts.controllers],
      },
    ];
  }

  /**
   * The variables by which a service gets in as one of the users.
   *
   * @throws Error for a user that the cluster does not have.
   */
  envOf(user: string): KafkaEnv {
    return kafkaEnv(this.app, this.users, user, {
      KAFKA_BROKERS: this.bootstrap,
      KAFKA_PASSWORD: { secret: this.secret.name, key: user },
      KAFKA_SASL_MECHANISM: "plain",
    });
  }
}

/** What a node advertises, its clients connect to, from another pod and for every node anew. */
function refuseUnreachable(name: string, nodes: number, host: string): void {
  const why = /^(localhost|127\.|0\.0\.0\.0|\[?::1?\]?$)/.test(host)
    ? "in another pod that is the pod itself"
    : nodes > 1 && !host.includes("$(POD_NAME)")
      ? `all ${nodes} nodes would be at one address`
      : /^[\w.$()-]+$/.test(host)
        ? undefined
        : "it must be a host name without a port";
  if (why === undefined) return;
  throw new Error(
    `Cannot run ${name}: its clients could not reach a node at what it advertises, since ${why}: current value of advertisedHost is "${host}"`,
  );
}
