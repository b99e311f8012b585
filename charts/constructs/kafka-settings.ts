import type { ServerEnv } from "./server-pod.ts";
import type { SecretKey } from "./service-env.ts";

/** The ports of a node: its clients', the other nodes' and the controllers'. */
export const kafkaPorts = { clients: 9_092, nodes: 9_094, controllers: 9_093 } as const;

/** Where the volume is; Kafka's data is below it, since a fresh disk has a folder that Kafka takes for a topic. */
export const kafkaDataPath = "/var/lib/kafka/data";

/** Where the files of `kafkaFiles` are. */
export const kafkaFilesPath = "/etc/tweet-pipeline";

/** What of the cluster decides a node's settings. */
export interface KafkaPlan {
  /** The workload's name, which its pods' begin with. */
  readonly name: string;
  /** How many nodes, each broker and controller. */
  readonly nodes: 1 | 3;
  /** 16 bytes in base64url. */
  readonly clusterId: string;
  /** The address of a node, in which `$(POD_NAME)` stands for its own name. */
  readonly advertisedHost: string;
  /** The cluster's own address of a node, of the same form. */
  readonly nodeHost: string;
  /** How many partitions a topic has that does not say. */
  readonly partitions: number;
  /** Whether asking for a topic makes it. */
  readonly createTopics: boolean;
  /** The heap of a node. */
  readonly heapMiB: number;
  /** The users of each kind of listener. */
  readonly logins: { readonly clients: SecretKey; readonly nodes: SecretKey };
}

/** Logs go to the console alone: files would fill the disk that nobody empties. */
export const kafkaFiles: Readonly<Record<string, string>> = {
  "log4j2.yaml": `Configuration:
  status: ERROR
  Appenders: { Console: { name: out, PatternLayout: { pattern: "%d{ISO8601} %p %c{1}: %m%n" } } }
  Loggers: { Root: { level: INFO, AppenderRef: { ref: out } } }
`,
};

/**
 * A node's environment, which the image turns into its properties: as soon as one is set, none of the image's defaults
 * hold. Clients, nodes and controllers meet on listeners of their own, each with users of its own: a client's password
 * opens neither of the others. Nothing is encrypted; that only those who must can reach a port is the policies' to see to.
 */
export function kafkaEnvironment(plan: KafkaPlan): ServerEnv {
  const { nodes, logins } = plan;
  const inSync = nodes === 3 ? 2 : 1;
  const hostOf = (node: number) => plan.nodeHost.replace("$(POD_NAME)", `${plan.name}-${node}`);
  const voters = Array.from(
    { length: nodes },
    (_, node) => `${node}@${hostOf(node)}:${kafkaPorts.controllers}`,
  );
  return {
    CLUSTER_ID: plan.clusterId,
    KAFKA_NODE_ID: { field: "metadata.labels['apps.kubernetes.io/pod-index']" },
    KAFKA_PROCESS_ROLES: "broker,controller",
    KAFKA_LISTENERS: `CLIENTS://:${kafkaPorts.clients},NODES://:${kafkaPorts.nodes},CONTROLLERS://:${kafkaPorts.controllers}`,
    KAFKA_ADVERTISED_LISTENERS: `CLIENTS://${plan.advertisedHost}:${kafkaPorts.clients},NODES://${plan.nodeHost}:${kafkaPorts.nodes}`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP:
      "CLIENTS:SASL_PLAINTEXT,NODES:SASL_PLAINTEXT,CONTROLLERS:SASL_PLAINTEXT",
    KAFKA_INTER_BROKER_LISTENER_NAME: "NODES",
    KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLERS",
    KAFKA_CONTROLLER_QUORUM_VOTERS: voters.join(","),
    KAFKA_SASL_ENABLED_MECHANISMS: "PLAIN",
    KAFKA_SASL_MECHANISM_INTER_BROKER_PROTOCOL: "PLAIN",
    KAFKA_SASL_MECHANISM_CONTROLLER_PROTOCOL: "PLAIN",
    KAFKA_LISTENER_NAME_CLIENTS_PLAIN_SASL_JAAS_CONFIG: logins.clients,
    KAFKA_LISTENER_NAME_NODES_PLAIN_SASL_JAAS_CONFIG: logins.nodes,
    KAFKA_LISTENER_NAME_CONTROLLERS_PLAIN_SASL_JAAS_CONFIG: logins.nodes,
    KAFKA_LOG_DIRS: `${kafkaDataPath}/log`,
    KAFKA_NUM_PARTITIONS: `${plan.partitions}`,
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: `${plan.createTopics}`,
    KAFKA_DEFAULT_REPLICATION_FACTOR: `${nodes}`,
    KAFKA_MIN_INSYNC_REPLICAS: `${inSync}`,
    // All of these default to 3, and without them no group could start on one node.
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: `${nodes}`,
    KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: "3",
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: `${nodes}`,
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: `${inSync}`,
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: `${nodes}`,
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: `${inSync}`,
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
    KAFKA_HEAP_OPTS: `-Xms${plan.heapMiB}m -Xmx${plan.heapMiB}m`,
    // The default of 128 MB does not fit a small heap.
    KAFKA_LOG_CLEANER_DEDUPE_BUFFER_SIZE: "2097152",
    KAFKA_LOG4J_OPTS: `-Dlog4j2.configurationFile=${kafkaFilesPath}/log4j2.yaml`,
    // The image's own words would add logs of the garbage collector, a gigabyte of files.
    EXTRA_ARGS: "-name kafkaServer",
  };
}
