import { describe, expect, test } from "bun:test";
import { App } from "cdk8s";
import { climaApp } from "../pipelines/clima-app.ts";
import { ClimaAppChart } from "./clima-app.ts";
import { at, type Manifest, manifestOf } from "./testing/manifest.ts";
import { schemaFaults } from "./testing/schema-faults.ts";

const manifests: readonly Manifest[] = new ClimaAppChart(new App(), "clima-app").toJson();
const deployment = (name: string) => manifestOf(manifests, "Deployment", name);
const service = (name: string) => manifestOf(manifests, "Service", name);
const namesOf = (kind: string) =>
  manifests.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name);

const ports = (name: string) => at(service(name), "spec.ports");
const container = (name: string) => at(deployment(name), "spec.template.spec.containers.0");
const variables = (name: string) => at(container(name), "env");
const rabbitUrl = {
  name: "RABBIT_URL",
  valueFrom: { secretKeyRef: { name: "rabbitmq", key: "url" } },
};

describe("every manifest", () => {
  test.each(manifests.map((each) => [`${each.kind} ${each.metadata.name}`, each] as const))(
    "%s fits the schema of Kubernetes",
    (_, manifest) => {
      expect(schemaFaults(manifest)).toEqual([]);
    },
  );

  test("is in the namespace clima-app, which is the first and enforces restricted pods", () => {
    const [namespace, ...others] = manifests;
    expect(namespace).toMatchObject({ kind: "Namespace", metadata: { name: "clima-app" } });
    expect(namespace?.metadata.namespace).toBeUndefined();
    expect(at(namespace, "metadata.labels")).toMatchObject({
      "pod-security.kubernetes.io/enforce": "restricted",
    });
    expect(new Set(others.map(({ metadata }) => metadata.namespace))).toEqual(
      new Set(["clima-app"]),
    );
  });

  test("has a name of the contract or one derived from it, and no hash", () => {
    expect(namesOf("Deployment")).toEqual([
      "api-rust",
      "client-go",
      "server-go",
      "kafka-consumer",
      "rabbit-consumer",
      "board",
    ]);
    expect(namesOf("Service")).toEqual([
      "api-rust-service",
      "client-go-service",
      "server-go-service",
      "server-go-admin",
      "board-service",
    ]);
    expect(namesOf("HorizontalPodAutoscaler")).toEqual(["api-rust-hpa"]);
    expect(namesOf("Ingress")).toEqual(["clima-app-ingress"]);
    expect(JSON.stringify(manifests)).not.toContain("cdk8s.io/");
  });

  test("holds no password", () => {
    expect(JSON.stringify(manifests)).not.toMatch(/:\/\/[^/"]*:[^/"]*@|kind":"Secret"/);
  });
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

  test("each chooses the pods of its Deployment and a port that they show", () => {
    for (const name of namesOf("Service")) {
      const workload = name.replace(/-(service|admin)$/, "");
      const labels = at(deployment(workload), "spec.template.metadata.labels");
      const selector = at(service(name), "spec.selector") as object;
      expect(selector).toEqual({ app: workload, "app.kubernetes.io/name": workload });
      expect(selector).toEqual(at(deployment(workload), "spec.selector.matchLabels") as object);
      expect(labels).toMatchObject(selector);
      const shown = at(container(workload), "ports") as { containerPort: number }[];
      for (const { targetPort } of ports(name) as { targetPort: number }[]) {
        expect(shown.map(({ containerPort }) => containerPort)).toContain(targetPort);
      }
    }
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
    expect(at(container("api-rust"), "resources")).toEqual({
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
    expect(variables("api-rust")).toEqual([
      { name: "STATION", value: "clima-app/api" },
      { name: "NEXT_URL", value: "http://client-go-service:50052" },
      { name: "KEYS_URL", value: "redis://valkey:6379" },
    ]);
    expect(variables("client-go")).toEqual([
      { name: "STATION", value: "clima-app/proxy" },
      { name: "NEXT_URL", value: "http://server-go-service:50051" },
      { name: "KEYS_URL", value: "redis://valkey:6379" },
    ]);
  });

  test("leads the writer to both brokers, RabbitMQ's address from its Secret", () => {
    expect(variables("server-go")).toEqual([
      { name: "STATION", value: "clima-app/writer" },
      { name: "KAFKA_BROKERS", value: "kafka-service:9092" },
      rabbitUrl,
    ]);
  });

  test("leads each consumer to its broker and to Valkey", () => {
    expect(variables("kafka-consumer")).toEqual([
      { name: "STATION", value: "clima-app/kafka-consumer" },
      { name: "KAFKA_BROKERS", value: "kafka-service:9092" },
      { name: "VALKEY_SERVICE_URL", value: "redis://valkey:6379" },
    ]);
    expect(variables("rabbit-consumer")).toEqual([
      { name: "STATION", value: "clima-app/rabbit-consumer" },
      rabbitUrl,
      { name: "VALKEY_SERVICE_URL", value: "redis://valkey:6379" },
    ]);
  });

  test("leads the board to the store, both brokers and the writer's counts", () => {
    expect(variables("board")).toEqual([
      { name: "PIPELINE", value: climaApp.name },
      { name: "VALKEY_SERVICE_URL", value: "redis://valkey:6379" },
      { name: "KAFKA_BROKERS", value: "kafka-service:9092" },
      rabbitUrl,
      { name: "RELAY_ADMIN_URLS", value: "http://server-go-admin:9090" },
    ]);
  });
});

test("the Ingress leads / and /clima to the API and /api to the board, as they are", () => {
  const ingress = manifestOf(manifests, "Ingress", "clima-app-ingress");
  const backend = (name: string, number: number) => ({ service: { name, port: { number } } });
  expect(at(ingress, "spec.rules.0.http.paths")).toEqual([
    { path: "/", pathType: "Prefix", backend: backend("api-rust-service", 80) },
    { path: "/api", pathType: "Prefix", backend: backend("board-service", 5000) },
    { path: "/clima", pathType: "Prefix", backend: backend("api-rust-service", 80) },
  ]);
  expect(at(ingress, "metadata.annotations")).toBeUndefined();
});
