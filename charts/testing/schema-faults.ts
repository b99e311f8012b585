import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { StatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { CronJob } from "kubernetes-models/batch/v1/CronJob";
import { Job } from "kubernetes-models/batch/v1/Job";
import { Ingress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { Role } from "kubernetes-models/rbac.authorization.k8s.io/v1/Role";
import { RoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Namespace } from "kubernetes-models/v1/Namespace";
import { Service } from "kubernetes-models/v1/Service";
import { ServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import type { Manifest } from "./manifest.ts";

/** The part of a model's class that checks what it is called on. */
interface Model {
  readonly prototype: { validate(this: object): void };
}

const models: Readonly<Record<string, Model>> = {
  "apps/v1/StatefulSet": StatefulSet,
  "batch/v1/Job": Job,
  "networking.k8s.io/v1/NetworkPolicy": NetworkPolicy,
  "policy/v1/PodDisruptionBudget": PodDisruptionBudget,
  "rbac.authorization.k8s.io/v1/Role": Role,
  "rbac.authorization.k8s.io/v1/RoleBinding": RoleBinding,
  "apps/v1/Deployment": Deployment,
  "autoscaling/v2/HorizontalPodAutoscaler": HorizontalPodAutoscaler,
  "batch/v1/CronJob": CronJob,
  "networking.k8s.io/v1/Ingress": Ingress,
  "v1/ConfigMap": ConfigMap,
  "v1/Namespace": Namespace,
  "v1/Service": Service,
  "v1/ServiceAccount": ServiceAccount,
};

/**
 * What Kubernetes' schema has against a manifest: wrong types and forms, what is missing, unknown fields, nulls. The
 * validators of kubernetes-models let the last two pass, so a field counts as unknown when its validator never read it.
 */
export function schemaFaults(manifest: Manifest): readonly string[] {
  const kind = `${manifest.apiVersion}/${manifest.kind}`;
  const model = models[kind];
  if (model === undefined) return [`${kind} has no schema here`];
  const read = new Set<string>();
  try {
    model.prototype.validate.call(watched(manifest, "", read));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return fieldFaults(manifest, "", read);
}

/** The same object, which notes the path of every field that is read. */
function watched<T extends object>(target: T, path: string, read: Set<string>): T {
  return new Proxy(target, {
    get(object, key) {
      const value: unknown = Reflect.get(object, key);
      if (typeof key === "symbol") return value;
      const below = `${path}/${key}`;
      read.add(below);
      return typeof value === "object" && value !== null ? watched(value, below, read) : value;
    },
  });
}

function fieldFaults(value: object, path: string, read: ReadonlySet<string>): readonly string[] {
  return Object.entries(value).flatMap(([key, field]: [string, unknown]) => {
    const below = `${path}/${key}`;
    if (field === null) return [`${below} is null`];
    if (!read.has(below)) return [`${below} is no field of the schema`];
    return typeof field === "object" ? fieldFaults(field, below, read) : [];
  });
}
