import { ApiObject } from "cdk8s";
import { type Deployment, type Namespace, Pod } from "cdk8s-plus-28";
import type { IConstruct } from "constructs";

/** The part of a Deployment's manifest that is patched here. */
interface DeploymentManifest {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> };
      readonly spec: {
        enableServiceLinks?: boolean;
        readonly containers: readonly { lifecycle?: unknown }[];
      };
    };
  };
}

/**
 * What Deployments of cdk8s-plus-28 cannot say: the containers sleep before they are told to stop, so that whoever still
 * has the pod's address is served (Kubernetes 1.30 and later); Services of the namespace stay out of the environment,
 * where `VALKEY_PORT=tcp://…` would be taken for configuration; and no label holds a hash of the construct's path.
 */
export function patchDeployment(
  deployment: Deployment,
  { preStopSleepS }: { readonly preStopSleepS: number },
): void {
  patch(deployment, ({ spec: { template } }: DeploymentManifest) => {
    delete template.metadata.labels[Pod.ADDRESS_LABEL];
    template.spec.enableServiceLinks = false;
    for (const container of template.spec.containers) {
      container.lifecycle = { preStop: { sleep: { seconds: preStopSleepS } } };
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
 * Changes the finished manifest. A `JsonPatch` would come before cdk8s-plus-28 serializes with its own schema, which
 * drops every field of a later Kubernetes without a word.
 */
function patch<M>(construct: IConstruct, change: (manifest: M) => void): void {
  const object = ApiObject.of(construct);
  const toJson = object.toJson.bind(object);
  object.toJson = () => {
    const manifest = toJson();
    change(manifest);
    return manifest;
  };
}
