import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import type { Manifest } from "../../charts/testing/manifest.ts";
import { podOf } from "../../charts/testing/workloads.ts";

/** Labels by their keys. */
export type Labels = Readonly<Record<string, string>>;

/** An object of a manifest, as far as it is read before its kind is known. */
export interface KubeObject extends Manifest {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
}

/** The objects of one file, which are applied together. */
export interface ManifestFile {
  /** The file's name without its endings, such as `strimzi/votaciones`. */
  readonly chart: string;

  /** Where it is. */
  readonly path: string;

  readonly objects: readonly KubeObject[];
}

/** The pods that an object makes. */
export interface Pods {
  readonly labels: Labels;
  readonly spec: IPodSpec;
}

const ending = ".k8s.yaml";

const podKinds = new Set([
  "CronJob",
  "DaemonSet",
  "Deployment",
  "Job",
  "ReplicaSet",
  "StatefulSet",
]);

/**
 * The manifests below a folder, by name.
 *
 * @throws Error where there are none, or one is no YAML.
 */
export function readManifests(folder: string): readonly ManifestFile[] {
  const found = existsSync(folder) ? [...new Bun.Glob(`**/*${ending}`).scanSync(folder)] : [];
  const names = found.sort();
  if (names.length === 0) {
    throw new Error(`Cannot lint manifests: there are none: current value of --dist is ${folder}`);
  }
  return names.map((name) => {
    const path = join(folder, name);
    return { chart: name.slice(0, -ending.length), path, objects: parse(path) };
  });
}

function parse(path: string): readonly KubeObject[] {
  try {
    const parsed = Bun.YAML.parse(readFileSync(path, "utf8"));
    return (Array.isArray(parsed) ? parsed : [parsed]) as KubeObject[];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot read manifests: ${why}: current value is ${path}`, { cause: error });
  }
}

/** The pods that an object makes; undefined where it makes none. */
export function podsOf(object: KubeObject): Pods | undefined {
  if (!podKinds.has(object.kind)) return undefined;
  const pod = podOf(object) as Partial<PodTemplate> | undefined;
  if (pod?.spec === undefined) return undefined;
  return { labels: pod.metadata?.labels ?? {}, spec: pod.spec };
}

interface PodTemplate {
  readonly metadata?: { readonly labels?: Labels };
  readonly spec: IPodSpec;
}

/** Whether an object is of one of Kubernetes' own kinds: others have a `Service` too. */
export function isOfKind({ apiVersion, kind }: KubeObject, kinds: readonly string[]): boolean {
  const [group = ""] = apiVersion.includes("/") ? apiVersion.split("/") : [];
  return kinds.includes(kind) && (!group.includes(".") || group.endsWith(".k8s.io"));
}

/** The objects of a kind, of the type that the caller knows it to have. */
export function ofKind<T>(all: readonly KubeObject[], kind: string): readonly (KubeObject & T)[] {
  return all.filter((each): each is KubeObject & T => isOfKind(each, [kind]));
}
