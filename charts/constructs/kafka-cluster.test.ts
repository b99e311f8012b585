import { describe, expect, test } from "bun:test";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { allFaults, synth } from "../testing/synth.ts";
import { KafkaCluster, type KafkaClusterProps } from "./kafka-cluster.ts";

interface Made {
  readonly manifests: readonly Manifest[];
  readonly kafka: KafkaCluster;
}

function clusterWith(props: KafkaClusterProps = {}): Made {
  const made: { kafka?: KafkaCluster } = {};
  const manifests = synth((chart) => {
    made.kafka = new KafkaCluster(chart, "kafka", props);
  });
  if (made.kafka === undefined) throw new Error("Cannot find the cluster: it was not made");
  return { manifests, kafka: made.kafka };
}

function settings({ manifests }: Made): Readonly<Record<string, unknown>> {
  const env = at(
    manifests.find(({ kind }) => kind === "StatefulSet"),
    "spec.template.spec.containers.0.env",
  ) as readonly { name: string; value?: string; valueFrom?: object }[];
  return Object.fromEntries(env.map(({ name, value, valueFrom }) => [name, value ?? valueFrom]));
}

const services = ({ manifests }: Made) =>
  manifests.filter(({ kind }) => kind === "Service").map(({ metadata }) => metadata.name);

test("a cluster fits Kubernetes' schema, with everything said and with nothing", () => {
  const said: Required<Omit<KafkaClusterProps, "resources">> = {
    name: "my-cluster",
    partOf: "votaciones",
    image: "apache/kafka:4.3.1",
    imagePullPolicy: "Never",
    storageMiB: 512,
    storageClassName: "fast",
    clusterDomain: "example",
    nodes: 3,
    serviceName: "my-cluster-kafka-bootstrap",
    nodesServiceName: "my-cluster-kafka-brokers",
    users: ["relay"],
    secretName: "logins",
    advertisedHost: "$(POD_NAME).example.org",
    partitions: 6,
    createTopics: true,
    clusterId: "4L6g3nShT-eMCtK--X86sw",
    heapMiB: 512,
  };
  expect(allFaults(clusterWith().manifests)).toEqual([]);
  const made = clusterWith(said);
  expect(allFaults(made.manifests)).toEqual([]);
  expect(services(made)).toEqual(["my-cluster-kafka-brokers", "my-cluster-kafka-bootstrap"]);
  expect(made.kafka.bootstrap).toBe("my-cluster-kafka-bootstrap:9092");
  expect(settings(made)).toMatchObject({
    CLUSTER_ID: "4L6g3nShT-eMCtK--X86sw",
    KAFKA_NUM_PARTITIONS: "6",
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: "true",
    KAFKA_HEAP_OPTS: "-Xms512m -Xmx512m",
    KAFKA_ADVERTISED_LISTENERS:
      "CLIENTS://$(POD_NAME).example.org:9092,NODES://$(POD_NAME).my-cluster-kafka-brokers.$(POD_NAMESPACE).svc.example:9094",
  });
});

test("each node advertises its own name in the cluster", () => {
  const made = clusterWith();
  expect(services(made)).toEqual(["kafka-nodes", "kafka-service"]);
  expect(settings(made)).toMatchObject({
    KAFKA_ADVERTISED_LISTENERS:
      "CLIENTS://$(POD_NAME).kafka-nodes.$(POD_NAMESPACE).svc.cluster.local:9092,NODES://$(POD_NAME).kafka-nodes.$(POD_NAMESPACE).svc.cluster.local:9094",
    KAFKA_NODE_ID: {
      fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" },
    },
    KAFKA_LOG_DIRS: "/var/lib/kafka/data/log",
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
  });
});

test("copies and how many must be in sync follow from the number of nodes", () => {
  for (const [nodes, replicas, inSync] of [
    [1, "1", "1"],
    [3, "3", "2"],
  ] as const) {
    const made = clusterWith({ nodes });
    const all = settings(made);
    for (const [name, value] of Object.entries(all)) {
      if (name.endsWith("_REPLICATION_FACTOR")) expect([name, value]).toEqual([name, replicas]);
      if (/_MIN_ISR$|_MIN_INSYNC_/.test(name)) expect([name, value]).toEqual([name, inSync]);
    }
    expect(String(all.KAFKA_CONTROLLER_QUORUM_VOTERS).split(",")).toHaveLength(nodes);
    const set = manifestOf(made.manifests, "StatefulSet", "kafka");
    expect(at(set, "spec.replicas")).toBe(nodes);
  }
  expect(settings(clusterWith({ nodes: 3 })).KAFKA_CONTROLLER_QUORUM_VOTERS).toStartWith(
    "0@kafka-0.kafka-nodes.$(POD_NAMESPACE).svc.cluster.local:9093,1@kafka-1.",
  );
});

describe("signing in", () => {
  test("clients and nodes have users of their own on listeners of their own", () => {
    const made = clusterWith({ users: ["relay", "board"] });
    const from = (key: string) => ({ secretKeyRef: { name: "kafka", key } });
    expect(settings(made)).toMatchObject({
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP:
        "CLIENTS:SASL_PLAINTEXT,NODES:SASL_PLAINTEXT,CONTROLLERS:SASL_PLAINTEXT",
      KAFKA_LISTENER_NAME_CLIENTS_PLAIN_SASL_JAAS_CONFIG: from("clients-login"),
      KAFKA_LISTENER_NAME_NODES_PLAIN_SASL_JAAS_CONFIG: from("nodes-login"),
      KAFKA_LISTENER_NAME_CONTROLLERS_PLAIN_SASL_JAAS_CONFIG: from("nodes-login"),
    });
    const login = "org.apache.kafka.common.security.plain.PlainLoginModule required";
    expect(made.kafka.secret).toEqual({
      name: "kafka",
      random: ["relay", "board", "broker"],
      derived: {
        "clients-login": `${login} user_relay="{{relay}}" user_board="{{board}}";`,
        "nodes-login": `${login} username="broker" password="{{broker}}" user_broker="{{broker}}";`,
      },
    });
  });

  test("envOf() leads a service in", () => {
    expect(clusterWith({ secretName: "logins" }).kafka.envOf("relay")).toEqual({
      KAFKA_BROKERS: "kafka-service:9092",
      KAFKA_USERNAME: "relay",
      KAFKA_PASSWORD: { secret: "logins", key: "relay" },
      KAFKA_SASL_MECHANISM: "plain",
    });
    expect(() => clusterWith().kafka.envOf("grafana")).toThrow(
      "Cannot lead grafana into kafka: it is none of its users: current value of users is relay, consumer, board",
    );
  });
});

describe("a cluster is refused", () => {
  test("with two nodes, of which neither decides", () => {
    expect(() => clusterWith({ nodes: 2 })).toThrow(
      "Cannot run kafka: one node, or three of which two decide: current value of nodes is 2",
    );
  });

  test("that advertises what leads each client to itself", () => {
    for (const advertisedHost of ["localhost", "127.0.0.1", "0.0.0.0", "::1"]) {
      expect(() => clusterWith({ advertisedHost })).toThrow(
        `Cannot run kafka: its clients could not reach a node at what it advertises, since in another pod that is the pod itself: current value of advertisedHost is "${advertisedHost}"`,
      );
    }
  });

  test("whose nodes all advertise the same", () => {
    expect(() => clusterWith({ nodes: 3, advertisedHost: "kafka-service" })).toThrow(
      "since all 3 nodes would be at one address",
    );
    expect(() => clusterWith({ advertisedHost: "kafka-service" })).not.toThrow();
  });

  test("that advertises no host name", () => {
    expect(() => clusterWith({ advertisedHost: "kafka:9092" })).toThrow(
      "since it must be a host name without a port",
    );
  });

  test("with users that Kafka could not tell apart", () => {
    expect(() => clusterWith({ users: [] })).toThrow("nobody could sign in");
    for (const [user, ...others] of [["broker"], ["a", "a"], ['x"'], ["Relay"]]) {
      expect(() => clusterWith({ users: [user ?? "", ...others] })).toThrow(
        `Cannot let a user into kafka: names are small letters and digits, each once, and "broker" is the nodes' own: current value is "${user ?? ""}"`,
      );
    }
  });
});
