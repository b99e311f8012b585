import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  chartNames,
  k6Of,
  readChart,
  servingWorkloads,
  workloadsThat,
} from "./chart-under-test.ts";

const labels = (component: string) => ({
  "app.kubernetes.io/component": component,
  "app.kubernetes.io/part-of": "clima-app",
});

const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "weather" } };
const ingress = (path: string) => ({
  kind: "Ingress",
  metadata: { name: "way-in", labels: labels("edge") },
  spec: { rules: [{ http: { paths: [{ path }] } }] },
});
const workload = (kind: string, name: string, component: string) => ({
  kind,
  metadata: { name, labels: labels(component) },
});

/** A folder with these manifests as the chart `demo`. */
async function withChart(objects: readonly object[], run: (dist: string) => void): Promise<void> {
  const dist = await mkdtemp(join(tmpdir(), "chart-"));
  try {
    const texts = objects.map((each) => Bun.YAML.stringify(each, null, 2));
    await Bun.write(join(dist, "demo.k8s.yaml"), texts.join("\n---\n"));
    run(dist);
  } finally {
    await rm(dist, { recursive: true });
  }
}

test("a chart is known by its manifests: namespace, pipeline, workloads by their part", () =>
  withChart(
    [
      namespace,
      ingress("/clima"),
      workload("Deployment", "api", "relay"),
      workload("StatefulSet", "kafka", "broker"),
      workload("Deployment", "locust", "load-generator"),
      workload("CronJob", "k6", "load-generator"),
    ],
    (dist) => {
      expect(chartNames(dist)).toEqual(["demo"]);
      const chart = readChart(dist, "demo");
      expect(chart.namespace).toBe("weather");
      expect(chart.mix.pipeline).toBe("clima-app");
      expect(workloadsThat(chart, "broker").map(({ metadata }) => metadata.name)).toEqual([
        "kafka",
      ]);
      expect(servingWorkloads(chart).map(({ metadata }) => metadata.name)).toEqual([
        "api",
        "kafka",
      ]);
      expect(k6Of(chart)?.metadata.name).toBe("k6");
    },
  ));

test("a chart with a Gateway is known by its HTTPRoute", () => {
  const route = {
    kind: "HTTPRoute",
    metadata: { name: "way-in", labels: labels("edge") },
    spec: { rules: [{ matches: [{ path: { type: "PathPrefix", value: "/clima" } }] }] },
  };
  return withChart([namespace, route], (dist) => {
    expect(readChart(dist, "demo").mix.pipeline).toBe("clima-app");
  });
});

describe("a chart is refused", () => {
  test("without a namespace", () =>
    withChart([ingress("/")], (dist) => {
      expect(() => readChart(dist, "demo")).toThrow("its manifests make no namespace");
    }));

  test("without a way in", () =>
    withChart([namespace], (dist) => {
      expect(() => readChart(dist, "demo")).toThrow("no Ingress says which pipeline");
    }));

  test("whose Ingress leads elsewhere", () =>
    withChart([namespace, ingress("/climate")], (dist) => {
      expect(() => readChart(dist, "demo")).toThrow("its Ingress does not lead to /clima");
    }));

  test("that is not there", () =>
    withChart([namespace], (dist) => {
      expect(() => readChart(dist, "dmeo")).toThrow("Cannot read the manifests");
    }));
});
