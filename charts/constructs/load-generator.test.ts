import { describe, expect, test } from "bun:test";
import { App, Chart } from "cdk8s";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { schemaFaults } from "../testing/schema-faults.ts";
import { LoadGenerator } from "./load-generator.ts";
import type { LoadGeneratorProps } from "./load-generator-props.ts";

const base = { pipeline: "clima-app", target: "http://api-rust-service" };

function synth(props: Partial<LoadGeneratorProps> = {}): readonly Manifest[] {
  const chart = new Chart(new App(), "chart", { disableResourceNameHashes: true });
  new LoadGenerator(chart, "load", { ...base, ...props });
  return chart.toJson();
}

const locust = (manifests: readonly Manifest[], name = "locust") =>
  at(manifestOf(manifests, "Deployment", name), "spec.template.spec");

const k6 = (manifests: readonly Manifest[], name = "k6") =>
  at(manifestOf(manifests, "CronJob", name), "spec.jobTemplate.spec.template.spec");

const env = (pod: unknown) =>
  Object.fromEntries(
    (at(pod, "containers.0.env") as { name: string; value: string }[]).map(({ name, value }) => [
      name,
      value,
    ]),
  );

test("LoadGenerator with every prop set fits the schema", () => {
  const props: Required<LoadGeneratorProps> = {
    pipeline: "votaciones",
    target: "http://traefik.ingress",
    board: "http://board-service:5000",
    route: "rust",
    apiKey: { secret: "api-keys-load", key: "key" },
    users: 20,
    requests: 500,
    name: "load",
    k6Name: "load-k6",
    path: "/load",
    workers: 2,
    resources: { cpuRequestMillis: 50 },
    k6Resources: { memoryLimitMiB: 300 },
  };
  const manifests = synth(props);
  expect(manifests.flatMap(schemaFaults)).toEqual([]);
  expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "ConfigMap load-scripts",
    "ServiceAccount load",
    "Deployment load",
    "Service load-master",
    "ServiceAccount load-worker",
    "Deployment load-worker",
    "Service load-service",
    "ServiceAccount load-k6",
    "CronJob load-k6",
  ]);
  const seen = { BOARD_URL: "http://board-service:5000", ROUTE: "rust" };
  expect(env(locust(manifests, "load"))).toEqual({
    LOCUST_LOCUSTFILE: "/scripts/locust/votaciones.py",
    LOCUST_HOST: "http://traefik.ingress",
    LOCUST_USERS: "20",
    LOCUST_SPAWN_RATE: "20",
    ...seen,
  });
  expect(env(k6(manifests, "load-k6"))).toMatchObject({
    BASE_URL: "http://traefik.ingress",
    USERS: "20",
    REQUESTS: "500",
    CHECK: "require",
    ...seen,
  });
});

describe("Locust", () => {
  test("shows its page under a path, alone, at locust-service:8089", () => {
    const manifests = synth();
    expect(manifests.flatMap(schemaFaults)).toEqual([]);
    expect(at(locust(manifests), "containers.0.args")).toEqual(["--web-base-path=/locust"]);
    expect(at(locust(manifests), "containers.0.readinessProbe.httpGet")).toEqual({
      path: "/locust/",
      port: 8_089,
    });
    const front = manifestOf(manifests, "Service", "locust-service");
    expect(at(front, "spec.ports")).toEqual([{ name: "http", port: 8_089, targetPort: 8_089 }]);
    expect(at(front, "spec.selector")).toEqual({ app: "locust" });
  });

  test("shares the work with workers, who find it by name and have no page", () => {
    const manifests = synth({ workers: 3 });
    const worker = locust(manifests, "locust-worker");
    expect(at(manifestOf(manifests, "Deployment", "locust-worker"), "spec.replicas")).toBe(3);
    expect(at(worker, "containers.0.args")).toEqual(["--worker", "--master-host=locust-master"]);
    expect(at(worker, "containers.0.readinessProbe")).toBeUndefined();
    expect(at(locust(manifests), "containers.0.args")).toContain("--master");
    expect(at(manifestOf(manifests, "Service", "locust-master"), "spec.ports.0.port")).toBe(5_557);
  });
});

test("k6 is a CronJob that never runs by itself, whose jobs are not tried again, and the last ten stay", () => {
  const spec = at(manifestOf(synth(), "CronJob", "k6"), "spec");
  expect(at(spec, "suspend")).toBe(true);
  expect(at(spec, "jobTemplate.spec.backoffLimit")).toBe(0);
  expect(at(spec, "jobTemplate.spec.template.spec.restartPolicy")).toBe("Never");
  expect(spec).toMatchObject({
    startingDeadlineSeconds: 600,
    successfulJobsHistoryLimit: 10,
    failedJobsHistoryLimit: 10,
  });
  expect(env(k6(synth()))).not.toHaveProperty("REQUESTS");
});

test("pods pass Pod Security restricted, each under an account of its own without a token", () => {
  const manifests = synth({ workers: 1 });
  const pods = [
    [locust(manifests), 1_000, "locust"],
    [locust(manifests, "locust-worker"), 1_000, "locust-worker"],
    [k6(manifests), 12_345, "k6"],
  ] as const;
  for (const [pod, user, name] of pods) {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      serviceAccountName: name,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    expect(at(pod, "containers.0.securityContext")).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
    });
    expect(at(manifestOf(manifests, "ServiceAccount", name), "automountServiceAccountToken")).toBe(
      false,
    );
  }
});

test("users send the key of a Secret where one is told", () => {
  const manifests = synth({ apiKey: { secret: "api-keys-load", key: "key" } });
  const from = { secretKeyRef: { name: "api-keys-load", key: "key" } };
  for (const pod of [locust(manifests), k6(manifests)]) {
    expect(at(pod, "containers.0.env")).toContainEqual({ name: "API_KEY", valueFrom: from });
  }
  expect(env(k6(synth()))).not.toHaveProperty("API_KEY");
});

describe("the scripts", () => {
  test("stand under the paths that they have in loadtest/, all that they need with them", () => {
    const manifests = synth({ pipeline: "votaciones" });
    const items = at(k6(manifests), "volumes.0.configMap.items") as { path: string }[];
    const paths = items.map(({ path }) => path);
    expect(paths).toContain("k6/votaciones.ts");
    expect(paths).toContain("k6/lib/load-run.ts");
    expect(paths).toContain("mixes/votaciones.ts");
    expect(paths).toContain("latency.ts");
    expect(paths).toContain("data/votes.json");
    expect(paths).toContain("locust/votaciones.py");
    expect(paths).toContain("locust/check.py");
    expect(paths).not.toContain("locust/clima_app.py");
    // Of this file the scripts use a type alone.
    expect(paths).not.toContain("board.ts");
  });

  test("are in the ConfigMap to the letter, in less than the megabyte that it may hold", async () => {
    const map = manifestOf(synth({ pipeline: "votaciones" }), "ConfigMap", "locust-scripts");
    const data = at(map, "data") as Record<string, string>;
    const file = new URL("../../loadtest/k6/lib/load-run.ts", import.meta.url);
    expect(data["k6_lib_load-run.ts"]).toBe(await Bun.file(file).text());
    expect(JSON.stringify(data).length).toBeLessThan(1_000_000);
  });
});

describe("LoadGenerator refuses", () => {
  test.each([
    [
      { pipeline: "sales" },
      'Cannot make load for sales: there is no script loadtest/locust/sales.py: current value of pipeline is "sales"',
    ],
    [
      { target: "api-rust-service" },
      'Cannot make load for clima-app: target must be an http address such as http://host:8080: current value is "api-rust-service"',
    ],
    [
      { board: "http://me:hunter2@board" },
      "Cannot make load for clima-app: board has a password in the clear",
    ],
    [
      { path: "locust" },
      'Cannot make load for clima-app: path must be a path such as /locust: current value is "locust"',
    ],
    [
      { users: 0 },
      'Cannot make load for clima-app: users must be a whole number from 1 to 10000: current value is "0"',
    ],
    [
      { requests: 1.5 },
      'Cannot make load for clima-app: requests must be a whole number from 1 to 10000000: current value is "1.5"',
    ],
    [
      { workers: -1 },
      'Cannot make load for clima-app: workers must be a whole number from 0 to 100: current value is "-1"',
    ],
  ])("%j", (props, sentence) => {
    expect(() => synth(props)).toThrow(sentence);
  });
});
