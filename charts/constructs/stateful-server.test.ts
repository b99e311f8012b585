import { describe, expect, test } from "bun:test";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { allFaults, synth } from "../testing/synth.ts";
import { keysOf } from "./secret-plan.ts";
import type { ServerProps } from "./server-props.ts";
import { StatefulServer } from "./stateful-server.ts";
import type { StatefulServerProps } from "./stateful-server-props.ts";

const port = { name: "port", targetPort: 7_000 };
const probe = { exec: { command: ["true"] } };
const base: StatefulServerProps = {
  component: "store",
  defaultImage: "store:1.2.3",
  user: 999,
  nodesService: "store-nodes",
  ports: [port],
  fronts: [{ name: "store-service", ports: [port] }],
  env: {
    HOST: "$(POD_NAME).store-nodes",
    PASSWORD: { secret: "store", key: "password" },
    INDEX: { field: "metadata.labels['apps.kubernetes.io/pod-index']" },
  },
  dataPath: "/data",
  scratchPaths: ["/tmp", "/var/run/store"],
  probes: { readiness: probe, liveness: probe },
  defaultResources: { cpuRequestMillis: 10, memoryLimitMiB: 64 },
  secret: { name: "store", random: ["password"], derived: { url: "store://{{password}}" } },
};

function serverWith(props: Partial<StatefulServerProps> = {}): readonly Manifest[] {
  return synth(
    (chart) => new StatefulServer(chart, "server", { name: "store", ...base, ...props }),
  );
}

const set = (manifests: readonly Manifest[], path: string) =>
  at(manifestOf(manifests, "StatefulSet", "store"), path);
const pod = (manifests: readonly Manifest[], path: string) =>
  set(manifests, `spec.template.spec.${path}`);

test("a server fits Kubernetes' schema, with everything said and with nothing", () => {
  const said: Required<ServerProps> = {
    name: "other",
    partOf: "all",
    image: "registry:5000/store@sha256:abc",
    imagePullPolicy: "Never",
    storageMiB: 2_048,
    storageClassName: "fast",
    resources: { cpuLimitMillis: 20 },
    clusterDomain: "example",
  };
  const files = { mountPath: "/etc/store", texts: { "a.conf": "b" } };
  expect(allFaults(serverWith())).toEqual([]);
  expect(allFaults(serverWith({ ...said, files, command: ["sh"], replicas: 3 }))).toEqual([]);
  expect(serverWith().map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "ServiceAccount store",
    "PodDisruptionBudget store",
    "Service store-nodes",
    "Service store-service",
    "StatefulSet store",
  ]);
});

test("a pod passes Pod Security restricted, writes to its volumes alone and holds no token", () => {
  const manifests = serverWith();
  expect(pod(manifests, "securityContext")).toEqual({
    runAsNonRoot: true,
    runAsUser: 999,
    runAsGroup: 999,
    fsGroup: 999,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  });
  expect(pod(manifests, "containers.0.securityContext")).toEqual({
    allowPrivilegeEscalation: false,
    privileged: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  expect(pod(manifests, "automountServiceAccountToken")).toBe(false);
  expect(pod(manifests, "serviceAccountName")).toBe("store");
  expect(at(manifestOf(manifests, "ServiceAccount", "store"), "automountServiceAccountToken")).toBe(
    false,
  );
  expect(pod(manifests, "enableServiceLinks")).toBe(false);
  expect(pod(manifests, "containers.0.volumeMounts")).toEqual([
    { name: "data", mountPath: "/data" },
    { name: "scratch", mountPath: "/tmp", subPath: "tmp" },
    { name: "scratch", mountPath: "/var/run/store", subPath: "var-run-store" },
  ]);
});

test("the pods have names before they are ready, and start together", () => {
  const manifests = serverWith({ replicas: 3 });
  const nodes = manifestOf(manifests, "Service", "store-nodes");
  expect(at(nodes, "spec.clusterIP")).toBe("None");
  expect(at(nodes, "spec.publishNotReadyAddresses")).toBe(true);
  expect(set(manifests, "spec.serviceName")).toBe("store-nodes");
  expect(set(manifests, "spec.podManagementPolicy")).toBe("Parallel");
  expect(set(manifests, "spec.replicas")).toBe(3);
});

test("the environment begins with the pod's name, and takes Secrets and fields", () => {
  expect(pod(serverWith(), "containers.0.env")).toEqual([
    { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
    { name: "HOST", value: "$(POD_NAME).store-nodes" },
    { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "store", key: "password" } } },
    {
      name: "INDEX",
      valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } },
    },
  ]);
});

test("a Service may lead to one pod alone", () => {
  const manifests = serverWith({ fronts: [{ name: "first", ports: [port], pod: 0 }] });
  expect(at(manifestOf(manifests, "Service", "first"), "spec.selector")).toEqual({
    app: "store",
    "app.kubernetes.io/name": "store",
    "statefulset.kubernetes.io/pod-name": "store-0",
  });
});

test("files come from a ConfigMap and a Secret, and new ones make new pods", () => {
  const filesOf = (text: string) =>
    serverWith({
      files: {
        mountPath: "/etc/store",
        texts: { "a.conf": text },
        secret: { name: "store", keys: ["users"] },
      },
    });
  const manifests = filesOf("a");
  expect(at(manifestOf(manifests, "ConfigMap", "store"), "data")).toEqual({ "a.conf": "a" });
  expect(pod(manifests, "volumes.1.projected")).toEqual({
    defaultMode: 0o440,
    sources: [
      { configMap: { name: "store" } },
      { secret: { name: "store", items: [{ key: "users", path: "users" }] } },
    ],
  });
  const mark = "spec.template.metadata.annotations";
  expect(set(manifests, mark)).toEqual(set(filesOf("a"), mark));
  expect(set(manifests, mark)).not.toEqual(set(filesOf("b"), mark));
});

test("the volume has the size and the class that the chart says", () => {
  const claim = (props: ServerProps) =>
    at(manifestOf(serverWith(props), "StatefulSet", "store"), "spec.volumeClaimTemplates.0.spec");
  expect(claim({})).toEqual({
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1024Mi" } },
  });
  expect(claim({ storageMiB: 100, storageClassName: "fast" })).toEqual({
    accessModes: ["ReadWriteOnce"],
    storageClassName: "fast",
    resources: { requests: { storage: "100Mi" } },
  });
});

test("the Secret that the pods wait for, and its keys, stand in an annotation", () => {
  expect(set(serverWith(), "metadata.annotations")).toEqual({
    "tweet-pipeline/secret": "store: password, url",
  });
  expect(keysOf(base.secret)).toEqual(["password", "url"]);
});

test("resources are the chart's, or those of the kind of server, and always bound the node's disk", () => {
  const of = (props: ServerProps) => pod(serverWith(props), "containers.0.resources");
  const disk = "ephemeral-storage";
  expect(of({})).toEqual({
    requests: { cpu: "10m", [disk]: "64Mi" },
    limits: { memory: "64Mi", [disk]: "512Mi" },
  });
  const resources = { memoryRequestMiB: 32, cpuLimitMillis: 100, diskLimitMiB: 900 };
  expect(of({ resources })).toEqual({
    requests: { memory: "32Mi", [disk]: "64Mi" },
    limits: { cpu: "100m", [disk]: "900Mi" },
  });
});

describe("an image", () => {
  const imageOf = (props: ServerProps) => pod(serverWith(props), "containers.0.image");

  test("is the kind's, or one with a version or a digest", () => {
    expect(imageOf({})).toBe("store:1.2.3");
    expect(imageOf({ image: "registry:5000/a/store:2-alpine" })).toBe(
      "registry:5000/a/store:2-alpine",
    );
    expect(imageOf({ image: "store@sha256:abc" })).toBe("store@sha256:abc");
    expect(pod(serverWith(), "containers.0.imagePullPolicy")).toBe("IfNotPresent");
  });

  for (const image of ["store", "store:latest", "store:stable", "registry:5000/store"]) {
    test(`is refused as ${image}`, () => {
      expect(() => serverWith({ image })).toThrow(
        `Cannot run store: its image's tag must name a version, since another one moves: current value is "${image}"`,
      );
    });
  }

  test("is refused with the policy Always", () => {
    expect(() => serverWith({ imagePullPolicy: "Always" })).toThrow(
      'Cannot run store: each start would fetch what the tag stands for then: current value of imagePullPolicy is "Always"',
    );
  });
});
