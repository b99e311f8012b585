import { describe, expect, test } from "bun:test";
import { App } from "cdk8s";
import { climaApp } from "../pipelines/clima-app.ts";
import { ClimaAppChart } from "./clima-app.ts";
import { at, type Manifest, manifestOf } from "./testing/manifest.ts";
import { schemaFaults } from "./testing/schema-faults.ts";
import { envOf } from "./testing/workloads.ts";

const manifests: readonly Manifest[] = new ClimaAppChart(new App(), "clima-app").toJson();
const deployment = (name: string) => manifestOf(manifests, "Deployment", name);
const service = (name: string) => manifestOf(manifests, "Service", name);
const namesOf = (kind: string) =>
  manifests.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name);

const ports = (name: string) => at(service(name), "spec.ports");
const container = (name: string) => at(deployment(name), "spec.template.spec.containers.0");

test("every object has a name of the contract or one derived from it", () => {
  expect(namesOf("Deployment")).toEqual([
    "locust",
    "api-rust",
    "client-go",
    "server-go",
    "kafka-consumer",
    "rabbit-consumer",
    "board",
  ]);
  expect(namesOf("StatefulSet")).toEqual(["kafka", "rabbitmq", "valkey"]);
  for (const name of [
    "api-rust-service",
    "client-go-service",
    "server-go-service",
    "kafka-service",
    "rabbitmq-service",
    "rabbitmq-management",
    "valkey",
    "locust-service",
  ]) {
    expect(namesOf("Service")).toContain(name);
  }
  expect(namesOf("HorizontalPodAutoscaler")).toEqual(["api-rust-hpa"]);
  expect(namesOf("Ingress")).toEqual(["clima-app-ingress"]);
});

describe("the Services of the contract", () => {
  test("api-rust-service leads from 80 to 8080", () => {
    expect(ports("api-rust-service")).toEqual([{ name: "http", port: 80, targetPort: 8080 }]);
    expect(at(service("api-rust-service"), "spec.type")).toBe("ClusterIP");
  });

  test("client-go-service shows 8081 and 50052", () => {
    expect(ports("client-go-service")).toEqual([
      { name: "http", port: 8081, targetPort: 8081 },
      { name: "grpc", port: 50_052, targetPort: 50_052 },
    ]);
  });

  test("server-go-service shows 50051", () => {
    expect(ports("server-go-service")).toEqual([
      { name: "grpc", port: 50_051, targetPort: 50_051 },
    ]);
  });

  test("the brokers and the store show the ports that clients know", () => {
    const numbers = (name: string) => (ports(name) as { port: number }[]).map(({ port }) => port);
    expect(numbers("kafka-service")).toEqual([9_092]);
    expect(numbers("rabbitmq-service")).toEqual([5_672, 15_672]);
    expect(numbers("valkey")).toEqual([6_379]);
  });

  test("api-rust-service is a load balancer's where the chart is told so", () => {
    const chart = new ClimaAppChart(new App(), "clima-app", { loadBalancer: true });
    const api = manifestOf(chart.toJson(), "Service", "api-rust-service");
    expect(at(api, "spec.type")).toBe("LoadBalancer");
    expect(schemaFaults(api)).toEqual([]);
  });
});

describe("the API", () => {
  test("is probed on GET / after 5 and 10 s, every 5 and 10 s", () => {
    expect(at(container("api-rust"), "readinessProbe")).toMatchObject({
      httpGet: { path: "/", port: 8080 },
      initialDelaySeconds: 5,
      periodSeconds: 5,
    });
    expect(at(container("api-rust"), "livenessProbe")).toMatchObject({
      httpGet: { path: "/", port: 8080 },
      initialDelaySeconds: 10,
      periodSeconds: 10,
    });
  });

  test("requests 100m and 128Mi and takes at most 500m and 512Mi", () => {
    expect(at(container("api-rust"), "resources")).toMatchObject({
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "500m", memory: "512Mi" },
    });
  });

  test("scales from 1 to 3 pods at 30 % CPU and has no number of replicas of its own", () => {
    const hpa = manifestOf(manifests, "HorizontalPodAutoscaler", "api-rust-hpa");
    expect(at(hpa, "spec")).toMatchObject({
      minReplicas: 1,
      maxReplicas: 3,
      scaleTargetRef: { kind: "Deployment", name: "api-rust" },
      metrics: [
        { resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 30 } } },
      ],
    });
    expect(at(deployment("api-rust"), "spec.replicas")).toBeUndefined();
  });
});

describe("the environment", () => {
  test("leads each relay to the Service of the next", () => {
    expect(envOf(deployment("api-rust"))).toEqual({
      STATION: "clima-app/api",
      NEXT_URL: "http://client-go-service:50052",
      KEYS_URL: "valkey/relay-url",
    });
    expect(envOf(deployment("client-go"))).toEqual({
      STATION: "clima-app/proxy",
      NEXT_URL: "http://server-go-service:50051",
      KEYS_URL: "valkey/relay-url",
    });
  });

  const kafka = (user: string) => ({
    KAFKA_BROKERS: "kafka-service:9092",
    KAFKA_USERNAME: user,
    KAFKA_PASSWORD: `kafka/${user}`,
    KAFKA_SASL_MECHANISM: "plain",
  });

  test("leads the writer to both brokers, what is secret from their Secrets", () => {
    expect(envOf(deployment("server-go"))).toEqual({
      STATION: "clima-app/writer",
      ...kafka("relay"),
      RABBIT_URL: "rabbitmq/url",
    });
  });

  test("leads each consumer to its broker and to Valkey, with room for as many ids as that has", () => {
    const store = { VALKEY_SERVICE_URL: "valkey/consumer-url", IDS_MAX: "1766022" };
    expect(envOf(deployment("kafka-consumer"))).toEqual({
      STATION: "clima-app/kafka-consumer",
      ...kafka("consumer"),
      ...store,
    });
    expect(envOf(deployment("rabbit-consumer"))).toEqual({
      STATION: "clima-app/rabbit-consumer",
      RABBIT_URL: "rabbitmq/url",
      ...store,
    });
  });

  test("leads the board to the store, both brokers and the writer's counts", () => {
    expect(envOf(deployment("board"))).toEqual({
      PIPELINE: climaApp.name,
      VALKEY_SERVICE_URL: "valkey/board-url",
      ...kafka("board"),
      RABBIT_URL: "rabbitmq/url",
      RELAY_ADMIN_URLS: "http://server-go-admin:9090",
      BASE_PATH: "/board",
    });
  });
});

test("the Ingress leads / and /clima to the API, /api to the board, /locust to the load, as they are", () => {
  const ingress = manifestOf(manifests, "Ingress", "clima-app-ingress");
  const backend = (name: string, number: number) => ({ service: { name, port: { number } } });
  expect(at(ingress, "spec.rules.0.http.paths")).toEqual([
    { path: "/", pathType: "Prefix", backend: backend("api-rust-service", 80) },
    { path: "/api", pathType: "Prefix", backend: backend("board-service", 5000) },
    { path: "/board", pathType: "Prefix", backend: backend("board-service", 5000) },
    { path: "/clima", pathType: "Prefix", backend: backend("api-rust-service", 80) },
    { path: "/locust", pathType: "Prefix", backend: backend("locust-service", 8_089) },
  ]);
  expect(at(ingress, "metadata.annotations")).toBeUndefined();
});
