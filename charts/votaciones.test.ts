import { describe, expect, test } from "bun:test";
import { App } from "cdk8s";
import { at, type Manifest, manifestOf } from "./testing/manifest.ts";
import { envOf } from "./testing/workloads.ts";
import { VotacionesChart } from "./votaciones.ts";

const manifests: readonly Manifest[] = new VotacionesChart(new App(), "votaciones").toJson();
const namesOf = (kind: string, of = manifests) =>
  of.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name);

describe("votaciones Kubernetes", () => {
  test("namespace kafka; Deployments, Services and Ingress of the reference", () => {
    expect(namesOf("Namespace")).toEqual(["kafka"]);
    expect(namesOf("Deployment")).toEqual(
      expect.arrayContaining(["apirust-deployment", "grpc-deployment", "consumer-deployment"]),
    );
    expect(namesOf("Service")).toEqual(
      expect.arrayContaining([
        "apirust-service",
        "grpc-service",
        "mongo-svc",
        "redis-svc",
        "my-cluster-kafka-bootstrap",
        "my-cluster-kafka-brokers",
      ]),
    );
    expect(namesOf("StatefulSet")).toEqual(expect.arrayContaining(["mongo-db", "redis-db"]));
    expect(namesOf("Ingress")).toEqual(["my-ingress"]);
  });

  test("consumers and board find the log in so1p2 at mongo-svc, with a password of the cluster's own", () => {
    const secret = { secretKeyRef: { name: "mongo-db", key: "url" } };
    for (const name of ["consumer-deployment", "board"]) {
      const container = at(
        manifestOf(manifests, "Deployment", name),
        "spec.template.spec.containers.0",
      );
      expect(at(container, "env")).toContainEqual({ name: "MONGO_URL", valueFrom: secret });
    }
    const plan = JSON.stringify(manifests.find(({ kind }) => kind === "Job"));
    expect(plan).toContain("@mongo-svc:27017/so1p2?authSource=admin");
  });

  test("consumer-hpa runs 2 to 5 consumers at 50 % CPU, for each of whom there is a partition", () => {
    const hpa = manifestOf(manifests, "HorizontalPodAutoscaler", "consumer-hpa");
    expect(at(hpa, "spec")).toMatchObject({
      minReplicas: 2,
      maxReplicas: 5,
      scaleTargetRef: { name: "consumer-deployment" },
      metrics: [{ resource: { target: { averageUtilization: 50 } } }],
    });
  });

  test("my-ingress leads /rust/ and /grpc/ to the two routes, /board and /api to the board", () => {
    const paths = at(manifestOf(manifests, "Ingress", "my-ingress"), "spec.rules.0.http.paths");
    const ways = (paths as object[]).map((each) => [
      at(each, "path"),
      at(each, "backend.service.name"),
    ]);
    expect(ways).toEqual([
      ["/api", "board-service"],
      ["/board", "board-service"],
      ["/grpc/", "grpc-service"],
      ["/locust", "locust-service"],
      ["/rust/", "apirust-service"],
    ]);
  });

  test("each route's hop leads to a workload of its own", () => {
    const env = (name: string) => envOf(manifestOf(manifests, "Deployment", name));
    expect(env("apirust-deployment").NEXT_URL).toBe("http://apirust-writer-service:8080/data");
    expect(env("grpc-deployment").NEXT_URL).toBe("http://grpc-writer-service:3001");
  });

  test("three nodes of Kafka, and clients begin at my-cluster-kafka-bootstrap", () => {
    expect(at(manifestOf(manifests, "StatefulSet", "my-cluster"), "spec.replicas")).toBe(3);
    const env = envOf(manifestOf(manifests, "Deployment", "apirust-writer"));
    expect(env.KAFKA_BROKERS).toBe("my-cluster-kafka-bootstrap:9092");
  });
});

describe("votaciones by Strimzi", () => {
  const chart = new VotacionesChart(new App(), "votaciones", { kafka: "strimzi" });
  const strimzi: readonly Manifest[] = chart.toJson();

  test("a cluster of three dual-role nodes, the topic with its retention, and a user for each service", () => {
    expect(namesOf("Kafka", strimzi)).toEqual(["my-cluster"]);
    const pool = manifestOf(strimzi, "KafkaNodePool", "dual-role");
    expect(at(pool, "spec")).toMatchObject({ replicas: 3, roles: ["controller", "broker"] });
    expect(at(manifestOf(strimzi, "KafkaTopic", "topic-sopes1"), "spec")).toMatchObject({
      partitions: 5,
      config: { "retention.ms": 7_200_000 },
    });
    expect(namesOf("KafkaUser", strimzi)).toEqual(["relay", "consumer", "board"]);
  });

  test("services sign in by SCRAM with the operator's Secrets, at the same name", () => {
    const env = envOf(manifestOf(strimzi, "Deployment", "apirust-writer"));
    expect(env).toMatchObject({
      KAFKA_BROKERS: "my-cluster-kafka-bootstrap:9092",
      KAFKA_SASL_MECHANISM: "scram-sha-512",
      KAFKA_PASSWORD: "relay/password",
    });
  });
});
