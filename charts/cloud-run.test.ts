import { describe, expect, test } from "bun:test";
import { App, Chart } from "cdk8s";
import { climaApp } from "../pipelines/clima-app.ts";
import { CloudRunChart, PrivateWaysChart } from "./cloud-run.ts";
import { CloudRunBoard, type CloudRunBoardProps } from "./constructs/cloud-run-board.ts";
import { PrivateWay } from "./constructs/private-way.ts";
import { at, type Manifest, manifestOf } from "./testing/manifest.ts";
import { schemaFaults } from "./testing/schema-faults.ts";
import { VotacionesChart } from "./votaciones.ts";

const chart = () => new Chart(new App(), "chart", { disableResourceNameHashes: true });

function board(props: CloudRunBoardProps): Manifest | undefined {
  const around = chart();
  new CloudRunBoard(around, "board", props);
  return (around.toJson() as Manifest[])[0];
}

describe("votaciones Cloud Run", () => {
  const objects: readonly Manifest[] = new CloudRunChart(new App(), "votaciones").toJson();
  const service = manifestOf(objects, "Service", "votaciones-board");
  const template = at(service, "spec.template");

  test("is one Service of serving.knative.dev/v1, which has no instance while nobody looks", () => {
    expect(objects.length).toBe(1);
    expect(service.apiVersion).toBe("serving.knative.dev/v1");
    expect(at(template, "metadata.annotations")).toMatchObject({
      "autoscaling.knative.dev/minScale": "0",
      "autoscaling.knative.dev/maxScale": "4",
    });
  });

  test("reads its stores at addresses that Secret Manager holds, through the private network alone", () => {
    const secret = (name: string) => ({ valueFrom: { secretKeyRef: { name, key: "latest" } } });
    expect(at(template, "spec.containers.0.env")).toEqual([
      { name: "PIPELINE", value: "votaciones" },
      { name: "VALKEY_SERVICE_URL", ...secret("votaciones-board-valkey-url") },
      { name: "MONGO_URL", ...secret("votaciones-board-mongo-url") },
    ]);
    expect(at(template, "metadata.annotations")).toMatchObject({
      "run.googleapis.com/network-interfaces": '[{"network":"default","subnetwork":"default"}]',
      "run.googleapis.com/vpc-access-egress": "private-ranges-only",
    });
  });

  test("leaves PORT to Cloud Run, which sets it to the container's port", () => {
    expect(at(template, "spec.containers.0.ports")).toEqual([
      { name: "http1", containerPort: 5_000 },
    ]);
    expect(JSON.stringify(template)).not.toContain('"PORT"');
  });

  test("with every prop set says so, and a pipeline without a log needs no MongoDB", () => {
    const props: Required<CloudRunBoardProps> = {
      pipeline: climaApp,
      name: "weather",
      registry: "registry.example/team",
      network: "own",
      subnetwork: "run",
      account: "weather@project.iam.gserviceaccount.com",
      instancesMax: 2,
    };
    const spec = at(board(props), "spec.template");
    expect(at(spec, "spec.serviceAccountName")).toBe(props.account);
    expect(at(spec, "spec.containers.0.image")).toStartWith("registry.example/team/");
    expect(JSON.stringify(at(spec, "spec.containers.0.env"))).not.toContain("MONGO_URL");
    expect(at(spec, "metadata.annotations")).toMatchObject({
      "autoscaling.knative.dev/maxScale": "2",
      "run.googleapis.com/network-interfaces": '[{"network":"own","subnetwork":"run"}]',
    });
  });
});

describe("private ways", () => {
  const objects: readonly Manifest[] = new PrivateWaysChart(new App(), "ways").toJson();

  test("fit the schema, are internal, and let one range in", () => {
    expect(objects.flatMap(schemaFaults)).toEqual([]);
    for (const name of ["redis-db-private", "mongo-db-private"]) {
      const service = manifestOf(objects, "Service", name);
      expect(at(service, "metadata.annotations")).toEqual({
        "networking.gke.io/load-balancer-type": "Internal",
      });
      expect(at(service, "spec.loadBalancerSourceRanges")).toEqual(["10.128.0.0/9"]);
      const policy = manifestOf(objects, "NetworkPolicy", `allow-${name}`);
      expect(at(policy, "spec.ingress.0.from")).toEqual([{ ipBlock: { cidr: "10.128.0.0/9" } }]);
    }
  });

  test("lead to the pods of the chart votaciones, by ports that they show", () => {
    const stores: readonly Manifest[] = new VotacionesChart(new App(), "votaciones").toJson();
    for (const service of objects.filter(({ kind }) => kind === "Service")) {
      const { app } = at(service, "spec.selector") as { app: string };
      const pod = at(manifestOf(stores, "StatefulSet", app), "spec.template");
      expect(at(pod, "metadata.labels.app")).toBe(app);
      expect(at(pod, "spec.containers.0.ports.0.containerPort")).toBe(
        at(service, "spec.ports.0.targetPort"),
      );
      expect(service.metadata.namespace).toBe(stores[0]?.metadata.name);
    }
  });

  test.each(["0.0.0.0/0", "10.0.0.0/4", "8.8.8.0/24", "10.1.2/24", "10.1.2.300/24", "here"])(
    "do not open for %s",
    (cidr) => {
      expect(() => new PrivateWay(chart(), "way", { app: "redis-db", port: 6_379, cidr })).toThrow(
        `only private addresses may connect, such as 10.128.0.0/20: current value is "${cidr}"`,
      );
    },
  );
});
