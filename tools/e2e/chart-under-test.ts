import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { findMix } from "../../loadtest/mixes/find-mix.ts";
import { type Mix, pathsOf } from "../../loadtest/mixes/mix.ts";
import type {
  Autoscaler,
  CronJob,
  GrpcRoute,
  HttpRoute,
  Ingress,
  KubeObject,
  Workload,
} from "./objects.ts";

/** What the checks know of a chart: all of it is read from its manifests, but for the route. */
export interface ChartUnderTest {
  readonly name: string;
  /** The file that is applied. */
  readonly file: string;
  readonly namespace: string;
  /** What load is made of. */
  readonly mix: Mix;
  /** The route of the mix, or the path, by which the chart's Ingress leads to the pipeline. */
  readonly route: string;
  readonly objects: readonly KubeObject[];
}

/** Where a chart's Ingress has another path than the pipeline has beside other pipelines. */
const routes: Readonly<Record<string, string>> = { proyecto3: "/tweet" };

const suffix = ".k8s.yaml";

/** The charts whose manifests are in the folder. */
export function chartNames(dist: string): readonly string[] {
  const files = [...new Bun.Glob(`*${suffix}`).scanSync(dist)];
  return files.map((file) => basename(file, suffix)).sort();
}

/**
 * Reads a chart's manifests.
 *
 * @throws Error where there are none, or they say no namespace, pipeline or way in.
 */
export function readChart(dist: string, name: string): ChartUnderTest {
  const file = join(dist, `${name}${suffix}`);
  const objects = parse(file);
  const fault = (why: string) => new Error(`Cannot test ${name}: ${why}: current value is ${file}`);
  const namespace = objects.find(({ kind }) => kind === "Namespace")?.metadata.name;
  if (namespace === undefined) throw fault("its manifests make no namespace");
  const pipeline = objects.find(isWayIn)?.metadata.labels?.["app.kubernetes.io/part-of"];
  if (pipeline === undefined) throw fault("no Ingress says which pipeline it is a part of");
  const mix = findMix(pipeline);
  const route = routes[pipeline] ?? "random";
  const led = pathsIn(objects);
  const lost = pathsOf(mix, route).find((path) => !led.some((each) => isBelow(path, each)));
  if (lost !== undefined) throw fault(`its Ingress does not lead to ${lost}`);
  return { name, file, namespace, mix, route, objects };
}

function parse(file: string): readonly KubeObject[] {
  try {
    const parsed = Bun.YAML.parse(readFileSync(file, "utf8"));
    return (Array.isArray(parsed) ? parsed : [parsed]) as KubeObject[];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot read the manifests: ${why}: current value is ${file}`, {
      cause: error,
    });
  }
}

/** The workloads of a chart that play a part: `broker`, `store`, `relay`, … */
export function workloadsThat(
  { objects }: ChartUnderTest,
  ...components: readonly string[]
): readonly Workload[] {
  return workloads(objects).filter((each) => components.includes(componentOf(each)));
}

/** Every workload but those that make load. */
export function servingWorkloads({ objects }: ChartUnderTest): readonly Workload[] {
  return workloads(objects).filter((each) => componentOf(each) !== "load-generator");
}

/** The CronJob that k6 jobs are made from. */
export function k6Of({ objects }: ChartUnderTest): CronJob | undefined {
  return objects.find(
    (each): each is CronJob => each.kind === "CronJob" && componentOf(each) === "load-generator",
  );
}

/** The Deployment of Locust. */
export function locustOf(chart: ChartUnderTest): Workload | undefined {
  return workloadsThat(chart, "load-generator").find(({ kind }) => kind === "Deployment");
}

/** What scales a Deployment of the chart; the first where there are several. */
export function autoscalerOf({ objects }: ChartUnderTest): Autoscaler | undefined {
  return objects.find((each): each is Autoscaler => each.kind === "HorizontalPodAutoscaler");
}

/** Whether an object leads HTTP clients in: an Ingress, or a route of a Gateway. */
export function isWayIn(object: KubeObject): object is Ingress | HttpRoute {
  return object.kind === "Ingress" || object.kind === "HTTPRoute";
}

/** The gRPC methods that a Gateway leads to, as gRPC names them. */
export function grpcMethods({ objects }: ChartUnderTest): readonly GrpcMethod[] {
  return objects
    .filter((each): each is GrpcRoute => each.kind === "GRPCRoute")
    .flatMap(({ spec: { rules = [], hostnames: [host = ""] = [] } }) =>
      rules
        .flatMap(({ matches }) => matches ?? [])
        .map(({ method: { service = "", method = "" } = {} }) => ({ service, method, host })),
    );
}

/** A gRPC method by its names. */
export interface GrpcMethod {
  readonly service: string;
  readonly method: string;
  /** The host name that calls carry. */
  readonly host: string;
}

/** The paths by which clients are led in. */
function pathsIn(objects: readonly KubeObject[]): readonly string[] {
  return objects.filter(isWayIn).flatMap((each) => {
    if (each.kind === "HTTPRoute") {
      const { rules = [] } = (each as HttpRoute).spec;
      return rules.flatMap(({ matches = [] }) => matches.map(({ path }) => path?.value ?? "/"));
    }
    const { rules = [] } = (each as Ingress).spec;
    return rules.flatMap(({ http }) => http?.paths ?? []).map(({ path }) => path ?? "/");
  });
}

function workloads(objects: readonly KubeObject[]): readonly Workload[] {
  return objects.filter(
    (each): each is Workload => each.kind === "Deployment" || each.kind === "StatefulSet",
  );
}

function componentOf({ metadata }: KubeObject): string {
  return metadata.labels?.["app.kubernetes.io/component"] ?? "";
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`);
}
