import { at, type Manifest } from "./manifest.ts";

const kinds = new Set(["Deployment", "StatefulSet", "Job", "CronJob"]);

/** Everything that makes pods. */
export function workloadsOf(manifests: readonly Manifest[]): readonly Manifest[] {
  return manifests.filter(({ kind }) => kinds.has(kind));
}

/** The pods that a workload makes: labels and `spec`. */
export function podOf(workload: Manifest): unknown {
  return at(
    workload,
    workload.kind === "CronJob" ? "spec.jobTemplate.spec.template" : "spec.template",
  );
}

/** A container of a pod, as far as tests look. */
export type PodContainer = {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: Readonly<Record<string, unknown>>;
};

/** The containers of a workload's pods, those that come first included. */
export function containersOf(workload: Manifest): readonly PodContainer[] {
  const pod = podOf(workload);
  return [at(pod, "spec.containers"), at(pod, "spec.initContainers")].flatMap(
    (each) => (each ?? []) as PodContainer[],
  );
}

/** The environment of a workload's first container: values in the clear, or `<secret>/<key>`. */
export function envOf(workload: Manifest): Readonly<Record<string, string>> {
  const env = at(podOf(workload), "spec.containers.0.env") as readonly object[];
  return Object.fromEntries(
    env.map((each) => {
      const secret = at(each, "valueFrom.secretKeyRef") as
        | { name: string; key: string }
        | undefined;
      const value = secret === undefined ? at(each, "value") : `${secret.name}/${secret.key}`;
      return [at(each, "name"), value];
    }),
  );
}
