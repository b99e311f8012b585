import { expect, test } from "bun:test";
import { App } from "cdk8s";
import { Proyecto3Chart } from "./proyecto3.ts";
import { at, type Manifest, manifestOf } from "./testing/manifest.ts";
import { envOf } from "./testing/workloads.ts";

const manifests: readonly Manifest[] = new Proyecto3Chart(new App(), "proyecto3").toJson();
const deployment = (name: string) => manifestOf(manifests, "Deployment", name);
const portsOf = (name: string) =>
  (at(manifestOf(manifests, "Service", name), "spec.ports") as { port: number }[]).map(
    ({ port }) => port,
  );

test("proyecto3 names: Services and workloads of the reference, with their ports", () => {
  const services = {
    "rust-api-service": [8_000],
    "go-api-service": [8_080],
    "kafka-writer-service": [50_051],
    "rabbit-writer-service": [50_052],
    "kafka-service": [9_092],
    "rabbitmq-service": [5_672, 15_672],
    "valkey-service": [6_379],
    "locust-service": [8_089],
  };
  for (const [name, ports] of Object.entries(services)) {
    expect([name, portsOf(name)]).toEqual([name, ports]);
    const app = at(manifestOf(manifests, "Service", name), "spec.selector.app");
    expect(app).toBe(name.replace("-service", ""));
  }
  expect(manifestOf(manifests, "Ingress", "proyecto3-ingress")).toBeDefined();
});

test("proyecto3 REST API: 1 to 3 pods at 30 % CPU", () => {
  const hpa = manifestOf(manifests, "HorizontalPodAutoscaler", "rust-api-hpa");
  expect(at(hpa, "spec")).toMatchObject({
    minReplicas: 1,
    maxReplicas: 3,
    metrics: [{ resource: { target: { averageUtilization: 30 } } }],
  });
});

test("proyecto3 second API: an address for each writer, found by names that stand for every pod", () => {
  expect(envOf(deployment("go-api"))).toMatchObject({
    KAFKA_WRITER_ADDR: "http://kafka-writer-service:50051",
    RABBIT_WRITER_ADDR: "http://rabbit-writer-service:50052",
  });
  for (const name of ["kafka-writer-service", "rabbit-writer-service"]) {
    expect(at(manifestOf(manifests, "Service", name), "spec.clusterIP")).toBe("None");
  }
  expect(envOf(deployment("rust-api")).NEXT_URL).toBe("http://go-api-service:8080/tweet");
});

test("proyecto3 Valkey: a primary and a copy, on disks, 100 MB, nothing evicted", () => {
  const valkey = manifestOf(manifests, "StatefulSet", "valkey");
  expect(at(valkey, "spec.replicas")).toBe(2);
  expect(at(valkey, "spec.volumeClaimTemplates.0.kind") ?? "PersistentVolumeClaim").toBe(
    "PersistentVolumeClaim",
  );
  const text = JSON.stringify(manifests);
  expect(text).toContain("maxmemory 100mb");
  expect(text).toContain("maxmemory-policy noeviction");
  const service = manifestOf(manifests, "Service", "valkey-service");
  expect(at(service, "spec.selector")).toMatchObject({
    "statefulset.kubernetes.io/pod-name": "valkey-0",
  });
});

test("proyecto3 Ingress: /tweet to the REST API, /locust to Locust", () => {
  const ingress = manifestOf(manifests, "Ingress", "proyecto3-ingress");
  const paths = at(ingress, "spec.rules.0.http.paths") as object[];
  const ways = paths.map((each) => [at(each, "path"), at(each, "backend.service.name")]);
  expect(ways).toEqual([
    ["/api", "board-service"],
    ["/board", "board-service"],
    ["/locust", "locust-service"],
    ["/tweet", "rust-api-service"],
  ]);
});
