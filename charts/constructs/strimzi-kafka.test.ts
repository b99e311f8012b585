import { expect, test } from "bun:test";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { synth } from "../testing/synth.ts";
import { StrimziKafka, type StrimziKafkaProps } from "./strimzi-kafka.ts";

const topics = [{ name: "topic-sopes1", partitions: 5, retentionMs: 7_200_000 }];

function strimziWith(props: Partial<StrimziKafkaProps> = {}): {
  readonly manifests: readonly Manifest[];
  readonly kafka: StrimziKafka;
} {
  const made: StrimziKafka[] = [];
  const manifests = synth((chart) =>
    made.push(new StrimziKafka(chart, "my-cluster", { topics, ...props })),
  );
  const [kafka] = made;
  if (kafka === undefined) throw new Error("Cannot find the cluster: it was not made");
  return { manifests, kafka };
}

test("everything is of the one API version that Strimzi serves, and belongs to the cluster", () => {
  const { manifests } = strimziWith();
  expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "Kafka my-cluster",
    "KafkaNodePool dual-role",
    "KafkaTopic topic-sopes1",
    "KafkaUser relay",
    "KafkaUser consumer",
    "KafkaUser board",
  ]);
  for (const manifest of manifests) {
    expect(manifest.apiVersion).toBe("kafka.strimzi.io/v1");
    if (manifest.kind === "Kafka") continue;
    expect(at(manifest, "metadata.labels")).toEqual({ "strimzi.io/cluster": "my-cluster" });
  }
});

test("three nodes are broker and controller at once, with a volume each", () => {
  const { manifests } = strimziWith({ storageMiB: 512, storageClassName: "fast" });
  const pool = manifestOf(manifests, "KafkaNodePool", "dual-role");
  expect(at(pool, "spec.replicas")).toBe(3);
  expect(at(pool, "spec.roles")).toEqual(["controller", "broker"]);
  expect(at(pool, "spec.storage.volumes.0")).toEqual({
    id: 0,
    type: "persistent-claim",
    size: "512Mi",
    class: "fast",
    kraftMetadata: "shared",
    deleteClaim: false,
  });
});

test("clients sign in by SCRAM, and the operator makes topics and users", () => {
  const { manifests, kafka } = strimziWith({ version: "4.1.0", users: ["relay"] });
  const cluster = manifestOf(manifests, "Kafka", "my-cluster");
  expect(at(cluster, "spec.kafka.version")).toBe("4.1.0");
  expect(at(cluster, "spec.kafka.listeners")).toEqual([
    {
      name: "clients",
      port: 9_092,
      type: "internal",
      tls: false,
      authentication: { type: "scram-sha-512" },
    },
  ]);
  const operator = at(cluster, "spec.entityOperator");
  expect(at(operator, "topicOperator")).toBeDefined();
  expect(at(operator, "userOperator")).toBeDefined();
  expect(at(manifestOf(manifests, "KafkaUser", "relay"), "spec.authentication.type")).toBe(
    "scram-sha-512",
  );
  expect(kafka.envOf("relay")).toEqual({
    KAFKA_BROKERS: "my-cluster-kafka-bootstrap:9092",
    KAFKA_USERNAME: "relay",
    KAFKA_PASSWORD: { secret: "relay", key: "password" },
    KAFKA_SASL_MECHANISM: "scram-sha-512",
  });
  expect(() => kafka.envOf("board")).toThrow("Cannot lead board into my-cluster");
});

test("a topic has three copies, and keeps messages for as long as it says", () => {
  const { manifests } = strimziWith();
  expect(at(manifestOf(manifests, "KafkaTopic", "topic-sopes1"), "spec")).toEqual({
    partitions: 5,
    replicas: 3,
    config: { "retention.ms": 7_200_000 },
  });
});

test("the operator's pods pass Pod Security restricted", () => {
  const { manifests } = strimziWith();
  const pod = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
  const container = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
  const nodes = at(manifestOf(manifests, "KafkaNodePool", "dual-role"), "spec.template");
  const operator = at(manifestOf(manifests, "Kafka", "my-cluster"), "spec.entityOperator.template");
  for (const [template, containers] of [
    [nodes, ["kafkaContainer"]],
    [operator, ["topicOperatorContainer", "userOperatorContainer"]],
  ] as const) {
    expect(at(template, "pod.securityContext")).toEqual(pod);
    for (const name of containers) {
      expect(at(template, `${name}.securityContext`)).toEqual(container);
    }
  }
});
