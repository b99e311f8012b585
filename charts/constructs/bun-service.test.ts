import { describe, expect, test } from "bun:test";
import { App, Chart } from "cdk8s";
import { spec as consumer } from "../../services/consumer/config.ts";
import { spec as relay } from "../../services/relay/config.ts";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { schemaFaults } from "../testing/schema-faults.ts";
import { BunService } from "./bun-service.ts";
import type { BunServiceProps } from "./bun-service-props.ts";

const STATION = "clima-app/writer";
const base = { service: "relay", spec: relay, env: { STATION } } as const;

function synth(build: (chart: Chart) => void): readonly Manifest[] {
  const chart = new Chart(new App(), "chart", { disableResourceNameHashes: true });
  build(chart);
  return chart.toJson();
}

function relayWith(props: Partial<BunServiceProps<typeof relay>>): readonly Manifest[] {
  return synth((chart) => new BunService(chart, "writer", { ...base, ...props }));
}

const pod = (manifests: readonly Manifest[], path: string) =>
  at(manifestOf(manifests, "Deployment", "writer"), `spec.template.spec.${path}`);

describe("the environment", () => {
  test("does not compile with a misspelt variable", () => {
    synth((chart) => {
      const env = { STATION };
      // @ts-expect-error: it is KAFKA_BROKERS.
      new BunService(chart, "writer", { ...base, env: { ...env, KAFKA_BROKRES: "kafka:9092" } });
    });
  });

  test("does not compile with a variable of another service", () => {
    synth((chart) => {
      const env = { STATION: "clima-app/kafka-consumer" };
      new BunService(chart, "writer", {
        service: "consumer",
        spec: consumer,
        // @ts-expect-error: WRITER_TARGET is a relay's.
        env: { ...env, WRITER_TARGET: "both" },
      });
    });
  });

  test("does not compile without a variable that is required, nor synthesize", () => {
    expect(() =>
      synth((chart) => {
        // @ts-expect-error: STATION is required.
        new BunService(chart, "writer", { ...base, env: { WRITER_TARGET: "both" } });
      }),
    ).toThrow("Cannot deploy writer: STATION is required");
  });

  test("is refused with every value that the service would refuse", () => {
    expect(() => relayWith({ env: { STATION: "clima-app/wirter", DEADLINE_MS: "soon" } })).toThrow(
      /^Cannot deploy writer: STATION must be one of .*: current value is "clima-app\/wirter"; DEADLINE_MS must be .*"soon"$/,
    );
  });

  test("is refused with a password in the clear, which the sentence does not repeat", () => {
    const RABBIT_URL = "amqp://user:hunter2@rabbitmq:5672";
    const refusal = () => relayWith({ env: { STATION, RABBIT_URL } });
    expect(refusal).toThrow(
      "Cannot deploy writer: RABBIT_URL has a password in the clear: take it from a Secret",
    );
    expect(refusal).not.toThrow("hunter2");
  });

  test("takes values from Secrets, several from one as well", () => {
    const secret = "addresses";
    const manifests = relayWith({
      env: {
        STATION,
        RABBIT_URL: { secret, key: "rabbit" },
        KEYS_URL: { secret, key: "valkey" },
      },
    });
    expect(pod(manifests, "containers.0.env")).toEqual([
      { name: "STATION", value: STATION },
      { name: "RABBIT_URL", valueFrom: { secretKeyRef: { name: secret, key: "rabbit" } } },
      { name: "KEYS_URL", valueFrom: { secretKeyRef: { name: secret, key: "valkey" } } },
    ]);
  });
});

describe("a pod", () => {
  test("passes Pod Security restricted, writes nowhere and holds no account token", () => {
    const manifests = relayWith({});
    expect(pod(manifests, "containers.0.securityContext")).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: 65_532,
      runAsNonRoot: true,
      runAsUser: 65_532,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(pod(manifests, "securityContext.runAsNonRoot")).toBe(true);
    expect(pod(manifests, "automountServiceAccountToken")).toBe(false);
    expect(pod(manifests, "hostNetwork")).toBe(false);
  });

  test("serves for 3 s after it was told to stop, and has 30 s to end", () => {
    const manifests = relayWith({});
    expect(pod(manifests, "containers.0.lifecycle")).toEqual({
      preStop: { sleep: { seconds: 3 } },
    });
    expect(pod(manifests, "terminationGracePeriodSeconds")).toBe(45);
  });

  test("asks for some of its node's disk and has a limit of it", () => {
    expect(pod(relayWith({}), "containers.0.resources")).toMatchObject({
      requests: { "ephemeral-storage": "16Mi" },
      limits: { "ephemeral-storage": "256Mi" },
    });
    const resources = { diskRequestMiB: 1, diskLimitMiB: 2 };
    expect(pod(relayWith({ resources }), "containers.0.resources")).toEqual({
      requests: { "ephemeral-storage": "1Mi" },
      limits: { "ephemeral-storage": "2Mi" },
    });
  });

  test("keeps away from its like, where there may be several", () => {
    const term = "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0";
    expect(pod(relayWith({ autoscale: { max: 2, cpuPercent: 30 } }), term)).toMatchObject({
      podAffinityTerm: {
        topologyKey: "kubernetes.io/hostname",
        labelSelector: { matchLabels: { app: "writer" } },
      },
    });
    expect(pod(relayWith({}), "affinity")).toBeUndefined();
  });

  test("has no variables of the namespace's Services and no label with a hash", () => {
    const manifests = relayWith({});
    expect(pod(manifests, "enableServiceLinks")).toBe(false);
    const labels = at(
      manifestOf(manifests, "Deployment", "writer"),
      "spec.template.metadata.labels",
    ) as object;
    expect(Object.keys(labels)).toEqual([
      "app",
      "app.kubernetes.io/component",
      "app.kubernetes.io/name",
      "app.kubernetes.io/version",
    ]);
  });

  test("is probed on its admin port, wherever that is", () => {
    const manifests = relayWith({ env: { STATION, ADMIN_PORT: "9191" } });
    const probes = ["readiness", "liveness"].map((each) =>
      pod(manifests, `containers.0.${each}Probe.httpGet`),
    );
    expect(probes).toMatchObject([
      { path: "/ready", port: 9191 },
      { path: "/live", port: 9191 },
    ]);
    expect(pod(manifests, "containers.0.ports")).toEqual([{ containerPort: 9191, name: "admin" }]);
  });

  test("is replaced by one that is ready before it goes", () => {
    expect(at(manifestOf(relayWith({}), "Deployment", "writer"), "spec.strategy")).toEqual({
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });

  test("runs the version of this checkout, from the registry that is given", async () => {
    const { version } = await Bun.file(new URL("../../package.json", import.meta.url)).json();
    const images = ["", "registry.example:5000/team"].map((registry) =>
      pod(relayWith({ registry }), "containers.0.image"),
    );
    expect(images).toEqual([
      `tweet-pipeline/relay:${version}`,
      `registry.example:5000/team/tweet-pipeline/relay:${version}`,
    ]);
    expect(pod(relayWith({}), "containers.0.imagePullPolicy")).toBe("IfNotPresent");
  });
});

test("BunService shows every port that its Services lead to, once, and makes no Service unasked", () => {
  const grpc = { name: "grpc", targetPort: 50_051 };
  const manifests = relayWith({
    fronts: [
      { name: "near", ports: [grpc] },
      { name: "far", ports: [{ ...grpc, port: 80 }], loadBalancer: true },
      { name: "each", ports: [{ name: "admin", targetPort: 9_090 }], resolves: "every-pod" },
    ],
  });
  expect(pod(manifests, "containers.0.ports")).toEqual([
    { containerPort: 50_051, name: "grpc" },
    { containerPort: 9_090, name: "admin" },
  ]);
  const services = manifests.filter(({ kind }) => kind === "Service");
  expect(services.map((each) => at(each, "spec"))).toMatchObject([
    { type: "ClusterIP", ports: [{ port: 50_051 }] },
    { type: "LoadBalancer", ports: [{ port: 80, targetPort: 50_051 }] },
    { type: "ClusterIP", clusterIP: "None", publishNotReadyAddresses: true },
  ]);
  expect(relayWith({}).map(({ kind }) => kind)).toEqual(["ServiceAccount", "Deployment"]);
});

test("BunService with every prop set fits the schema", () => {
  const props: Required<Omit<BunServiceProps<typeof relay>, "replicas" | "scaledTo">> = {
    ...base,
    name: "other",
    partOf: "clima-app",
    registry: "registry.example",
    autoscale: { name: "scaler", min: 2, max: 4, cpuPercent: 50 },
    resources: { cpuRequestMillis: 10, memoryLimitMiB: 64 },
    fronts: [{ name: "front", ports: [{ name: "grpc", targetPort: 50_051, port: 5 }] }],
    secretFiles: [{ secret: "certificates", folder: "/etc/certificates", keys: ["tls.crt"] }],
    probe: { path: "/hola", port: 8080 },
  };
  const manifests = synth((chart) => new BunService(chart, "writer", props));
  expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "ServiceAccount other",
    "PodDisruptionBudget other",
    "Deployment other",
    "Service front",
    "HorizontalPodAutoscaler scaler",
  ]);
  expect(manifests.flatMap(schemaFaults)).toEqual([]);
});

describe("BunService refuses", () => {
  test("replicas beside an autoscaler", () => {
    expect(() => relayWith({ replicas: 2, autoscale: { max: 3, cpuPercent: 30 } })).toThrow(
      "Cannot autoscale writer: a fixed number of replicas and an autoscaler undo each other: current value is replicas 2",
    );
  });

  test("an autoscaler by CPU where no CPU is requested", () => {
    const resources = { memoryRequestMiB: 64 };
    expect(() => relayWith({ resources, autoscale: { max: 3, cpuPercent: 30 } })).toThrow(
      'Cannot autoscale writer: 30 % of the CPU that a pod requests is no figure when it requests none: current value is {"memoryRequestMiB":64}',
    );
  });

  test("a registry with a scheme", () => {
    expect(() => relayWith({ registry: "https://registry.example" })).toThrow(
      /^Cannot name the image tweet-pipeline\/relay:.*: current value is "https:\/\/registry.example"$/,
    );
  });
});
