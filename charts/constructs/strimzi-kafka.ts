import { ApiObject } from "cdk8s";
import { Construct } from "constructs";
import { type KafkaEnv, kafkaEnv, serviceUsers } from "./kafka-access.ts";
import { apiServer, type PolicyEdge, type PolicyPeer } from "./network-policies.ts";
import { restrictedByOperator, restrictedPod } from "./operator-pods.ts";

/** A topic that Strimzi keeps as it is written here. */
export interface StrimziTopic {
  /** The topic's name. */
  readonly name: string;

  /**
   * How many partitions it has.
   * @default 3
   */
  readonly partitions?: number | undefined;

  /**
   * How long messages are kept, in milliseconds.
   * @default the broker's own
   */
  readonly retentionMs?: number | undefined;
}

/** What a `StrimziKafka` is made of. */
export interface StrimziKafkaProps {
  /**
   * The cluster's name, which its Services begin with.
   * @default the construct's id
   */
  readonly name?: string;

  /** The topics. */
  readonly topics: readonly StrimziTopic[];

  /**
   * Who may sign in; the operator makes a Secret of each one's name with its password.
   * @default relay, consumer and board
   */
  readonly users?: readonly string[];

  /**
   * The version of Kafka, one that the operator knows.
   * @default the operator's own
   */
  readonly version?: string;

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

/** The API that Strimzi 1.x serves. */
const apiVersion = "kafka.strimzi.io/v1";

/** Nodes of the one pool, each broker and controller at once. */
const nodes = 3;
const replicas = 3;
const inSync = 2;
const clientsPort = 9_092;

const pod = { securityContext: restrictedPod };
const restricted = { securityContext: restrictedByOperator };

const operatorResources = {
  requests: { cpu: "50m", memory: "256Mi" },
  limits: { cpu: "500m", memory: "384Mi" },
};

/** Kafka by Strimzi's operator: three nodes that are broker and controller at once, its topics, and users by SCRAM. */
export class StrimziKafka extends Construct {
  /** Where clients begin, `host:port`. */
  readonly bootstrap: string;

  /** The port of its pods that clients connect to. */
  readonly port: number = clientsPort;

  private readonly name: string;
  private readonly users: readonly string[];

  constructor(scope: Construct, id: string, props: StrimziKafkaProps) {
    super(scope, id);
    const { name = id, users = serviceUsers } = props;
    this.name = name;
    this.users = users;
    this.bootstrap = `${name}-kafka-bootstrap:${clientsPort}`;
    const labels = { "strimzi.io/cluster": name };
    const metadata = (own: string) => ({ name: own, labels });
    new ApiObject(this, "kafka", {
      apiVersion,
      kind: "Kafka",
      metadata: { name },
      spec: kafkaSpec(props),
    });
    new ApiObject(this, "pool", {
      apiVersion,
      kind: "KafkaNodePool",
      metadata: metadata("dual-role"),
      spec: poolSpec(props),
    });
    for (const topic of props.topics) {
      const { partitions = 3, retentionMs } = topic;
      new ApiObject(this, `topic-${topic.name}`, {
        apiVersion,
        kind: "KafkaTopic",
        metadata: metadata(topic.name),
        spec: {
          partitions,
          replicas,
          ...(retentionMs === undefined ? {} : { config: { "retention.ms": retentionMs } }),
        },
      });
    }
    for (const user of users) {
      new ApiObject(this, `user-${user}`, {
        apiVersion,
        kind: "KafkaUser",
        metadata: metadata(user),
        spec: { authentication: { type: "scram-sha-512" } },
      });
    }
  }

  /** Its pods, for the policies of the network. */
  get peer(): PolicyPeer {
    return { name: this.name, labels: { "strimzi.io/cluster": this.name } };
  }

  /** What its pods say to each other, and the operator's to the API server. */
  get edges(): readonly PolicyEdge[] {
    return [
      { from: this.peer, to: this.peer, ports: "all" },
      { from: this.peer, ...apiServer },
    ];
  }

  /**
   * The variables by which a service gets in as one of the users.
   *
   * @throws Error for a user that the cluster does not have.
   */
  envOf(user: string): KafkaEnv {
    return kafkaEnv(this.name, this.users, user, {
      KAFKA_BROKERS: this.bootstrap,
      KAFKA_PASSWORD: { secret: user, key: "password" },
      KAFKA_SASL_MECHANISM: "scram-sha-512",
    });
  }
}

function kafkaSpec({ version }: StrimziKafkaProps) {
  const listener = {
    name: "clients",
    port: clientsPort,
    type: "internal",
    tls: false,
    authentication: { type: "scram-sha-512" },
  };
  return {
    kafka: {
      ...(version === undefined ? {} : { version }),
      listeners: [listener],
      config: {
        "default.replication.factor": replicas,
        "min.insync.replicas": inSync,
        "offsets.topic.replication.factor": replicas,
        "transaction.state.log.replication.factor": replicas,
        "transaction.state.log.min.isr": inSync,
        "auto.create.topics.enable": false,
      },
    },
    entityOperator: {
      topicOperator: { resources: operatorResources },
      userOperator: { resources: operatorResources },
      template: {
        pod,
        topicOperatorContainer: restricted,
        userOperatorContainer: restricted,
      },
    },
  };
}

function poolSpec({ storageMiB = 1_024, storageClassName }: StrimziKafkaProps) {
  return {
    replicas: nodes,
    roles: ["controller", "broker"],
    storage: {
      type: "jbod",
      volumes: [
        {
          id: 0,
          type: "persistent-claim",
          size: `${storageMiB}Mi`,
          ...(storageClassName === undefined ? {} : { class: storageClassName }),
          kraftMetadata: "shared",
          deleteClaim: false,
        },
      ],
    },
    resources: {
      requests: { cpu: "100m", memory: "512Mi" },
      limits: { cpu: "1000m", memory: "1Gi" },
    },
    template: { pod, kafkaContainer: restricted },
  };
}
