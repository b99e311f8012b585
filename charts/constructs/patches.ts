import { ApiObject } from "cdk8s";
import { type Deployment, type Namespace, Pod } from "cdk8s-plus-28";
import type { Affinity } from "cdk8s-plus-28/lib/imports/k8s";
import type { IConstruct } from "constructs";
import type { diskOf } from "./resources.ts";

/** The part of a Deployment's manifest that is patched here. */
interface DeploymentManifest {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> };
      readonly spec: {
        enableServiceLinks?: boolean;
        affinity?: Affinity;
        readonly containers: readonly {
          lifecycle?: unknown;
          resources?: Readonly<Record<string, Readonly<Record<string, string>>>>;
        }[];
      };
    };
  };
}

/** What `patchDeployment` says. */
export interface DeploymentPatch {
  /** How long containers go on after their pod was told to stop, in seconds. */
  readonly preStopSleepS: number;

  /** The disk that each container asks for and may take. */
  readonly disk: ReturnType<typeof diskOf>;

  /** Where its pods would rather be; undefined: anywhere. */
  readonly affinity: Affinity | undefined;
}

/**
 * What Deployments of cdk8s-plus-28 cannot say: the containers sleep before they are told to stop, so that whoever still
 * has the pod's address is served (Kubernetes 1.30 and later); Services of the namespace stay out of the environment,
 * where `VALKEY_PORT=tcp://…` would be taken for configuration; and no label holds a hash of the construct's path.
 */
export function patchDeployment(
  deployment: Deployment,
  { preStopSleepS, disk, affinity }: DeploymentPatch,
): void {
  patch(deployment, ({ spec: { template } }: DeploymentManifest) => {
    delete template.metadata.labels[Pod.ADDRESS_LABEL];
    template.spec.enableServiceLinks = false;
    if (affinity !== undefined) template.spec.affinity = affinity;
    for (const container of template.spec.containers) {
      container.lifecycle = { preStop: { sleep: { seconds: preStopSleepS } } };
      const { requests, limits } = container.resources ?? {};
      container.resources = {
        limits: { ...limits, "ephemeral-storage": `${disk.diskLimitMiB}Mi` },
        requests: { ...requests, "ephemeral-storage": `${disk.diskRequestMiB}Mi` },
      };
    }
  });
}

/** A Namespace belongs to no namespace, but every object of a chart gets the chart's. */
export function patchNamespace(namespace: Namespace): void {
  patch(namespace, ({ metadata }: { readonly metadata: { namespace?: string } }) => {
    delete metadata.namespace;
  });
}

/**
 * Changes the finished manifest, whose keys stay sorted. A `JsonPatch` would come before cdk8s-plus-28 serializes with its own schema, which
 * drops every field of a later Kubernetes without a word.
 */
function patch<M>(construct: IConstruct, change: (manifest: M) => void): void {
  const object = ApiObject.of(construct);
  const toJson = object.toJson.bind(object);
  object.toJson = () => {
    const manifest = toJson();
    change(manifest);
    return sorted(manifest);
  };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, below]) => [key, sorted(below)]));
}
