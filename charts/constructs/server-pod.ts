import {
  type Affinity,
  type EnvVar,
  type Probe,
  Quantity,
  type ResourceRequirements,
  type SecurityContext,
  type Volume,
  type VolumeMount,
} from "cdk8s-plus-28/lib/imports/k8s";
import { diskOf, type Resources } from "./resources.ts";
import type { SecretKey } from "./service-env.ts";

/** A value that Kubernetes knows of the pod, by its path. */
export interface PodField {
  /** The path, such as `metadata.name`. */
  readonly field: string;
}

/** A server's environment, in order: a value may use those before it as `$(NAME)`. */
export type ServerEnv = Readonly<Record<string, string | SecretKey | PodField>>;

/** Files that are put into one folder of the container. */
export interface ServerFiles {
  /** The folder. */
  readonly mountPath: string;

  /** Their text by name; a change of it rolls the pods. */
  readonly texts: Readonly<Record<string, string>>;

  /**
   * Keys of one Secret that become files of the same name.
   * @default none
   */
  readonly secret?: { readonly name: string; readonly keys: readonly string[] };
}

/** How Kubernetes finds out how a server is. */
export interface ServerProbes {
  /**
   * Asked until it answers for the first time.
   * @default the others begin at once
   */
  readonly startup?: Probe;
  /** Whether clients may be sent here. */
  readonly readiness: Probe;
  /** Whether it must be started anew. */
  readonly liveness: Probe;
}

/** What Pod Security "restricted" asks of a container, and that it writes to its volumes alone. */
export const restrictedContainer: SecurityContext = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** A probe that runs a script of the shell in the container. */
export function scriptProbe(shell: "sh" | "bash", script: string): Pick<Probe, "exec"> {
  return { exec: { command: [shell, "-c", script] } };
}

/** The environment as containers take it; the pod's name and namespace come first, for later values to use. */
export function serverEnv(env: ServerEnv): EnvVar[] {
  const all: ServerEnv = {
    POD_NAME: { field: "metadata.name" },
    POD_NAMESPACE: { field: "metadata.namespace" },
    ...env,
  };
  return Object.entries(all).map(([name, value]) => {
    if (typeof value === "string") return { name, value };
    if ("field" in value) return { name, valueFrom: { fieldRef: { fieldPath: value.field } } };
    return { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } };
  });
}

/** The resources as the API has them. */
export function quantities(resources: Resources): ResourceRequirements {
  const { cpuRequestMillis, cpuLimitMillis, memoryRequestMiB, memoryLimitMiB } = resources;
  const { diskRequestMiB, diskLimitMiB } = diskOf(resources);
  return {
    requests: amounts(cpuRequestMillis, memoryRequestMiB, diskRequestMiB),
    limits: amounts(cpuLimitMillis, memoryLimitMiB, diskLimitMiB),
  };
}

function amounts(
  cpuMillis: number | undefined,
  memoryMiB: number | undefined,
  diskMiB: number,
): Record<string, Quantity> {
  return {
    "ephemeral-storage": Quantity.fromString(`${diskMiB}Mi`),
    ...(cpuMillis === undefined ? {} : { cpu: Quantity.fromString(`${cpuMillis}m`) }),
    ...(memoryMiB === undefined ? {} : { memory: Quantity.fromString(`${memoryMiB}Mi`) }),
  };
}

/** Files of a ConfigMap and of a Secret in one folder. */
export function filesVolume(configMap: string, { secret }: ServerFiles): Volume {
  const keys = secret?.keys.map((key) => ({ key, path: key })) ?? [];
  return {
    name: "files",
    projected: {
      // The group of the volumes reads them, nobody else does.
      defaultMode: 0o440,
      sources: [
        { configMap: { name: configMap } },
        ...(secret === undefined ? [] : [{ secret: { name: secret.name, items: keys } }]),
      ],
    },
  };
}

/** Mounts of one temporary volume, a folder of it for each path that must be writable. */
export function scratchMounts(paths: readonly string[]): VolumeMount[] {
  return paths.map((mountPath) => ({
    name: "scratch",
    mountPath,
    subPath: mountPath.slice(1).replaceAll("/", "-"),
  }));
}

/** Pods of one workload on different hosts, where there are several. */
export function spreadByHost(app: string): Affinity {
  return {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: {
            topologyKey: "kubernetes.io/hostname",
            labelSelector: { matchLabels: { app } },
          },
        },
      ],
    },
  };
}
