import { createHash } from "node:crypto";
import type { Container, EnvVar, PodSpec, Volume } from "cdk8s-plus-28/lib/imports/k8s";
import type { LoadGeneratorProps } from "./load-generator-props.ts";
import type { LoadScripts } from "./load-generator-scripts.ts";
import type { Resources } from "./resources.ts";
import { restrictedContainer } from "./server-pod.ts";

/** One kind of pod of a load generator. */
export interface LoadWorkload {
  /** What the load generator is made of. */
  readonly props: LoadGeneratorProps;

  /** The scripts. */
  readonly scripts: LoadScripts;

  /** The name of the ConfigMap that holds them. */
  readonly configMap: string;

  /** The workload's name, which its pods carry as `app`, and that of its account. */
  readonly name: string;

  /** Labels of everything that belongs to load. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Where a container finds the scripts, with the paths that they have in `loadtest/`. */
export const scriptsFolder = "/scripts";

/** Enough for some thousand requests a second by ten users. */
export const loadResources: Resources = {
  cpuRequestMillis: 100,
  cpuLimitMillis: 1_000,
  memoryRequestMiB: 128,
  memoryLimitMiB: 512,
};

/** The labels of a workload and of its pods. */
export function workloadLabels({ name, labels }: LoadWorkload): Record<string, string> {
  return { app: name, "app.kubernetes.io/name": name, ...labels };
}

/** The key of a file in the ConfigMap, where a key cannot hold a slash. */
export function scriptKey(file: string): string {
  return file.replaceAll("/", "_");
}

/** A number that changes with any script, so that pods are replaced when one does. */
export function scriptsChecksum({ files }: LoadScripts): string {
  const hash = createHash("sha256").update(JSON.stringify([...files]));
  return hash.digest("hex").slice(0, 16);
}

/** A container's environment; what is undefined is not set. */
export function variables(values: Readonly<Record<string, string | undefined>>): EnvVar[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value }],
  );
}

/** What scripts of both kinds read from their environment. */
export function scriptVariables({ target, board = target, route }: LoadGeneratorProps) {
  return { BOARD_URL: board, ROUTE: route };
}

/** The key that users of scripts of both kinds send, where they have one. */
export function keyVariables({ apiKey }: LoadGeneratorProps): EnvVar[] {
  if (apiKey === undefined) return [];
  const { secret: name, key } = apiKey;
  return [{ name: "API_KEY", valueFrom: { secretKeyRef: { name, key } } }];
}

/** A pod that runs one container with the scripts, as `user`, under an account that may do nothing. */
export function loadPod(
  { name, scripts, configMap }: LoadWorkload,
  user: number,
  container: Container,
  volumes: readonly Volume[] = [],
): PodSpec {
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    // Locust takes the variables of a Service named `locust` for its settings.
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        ...container,
        imagePullPolicy: "IfNotPresent",
        securityContext: restrictedContainer,
        volumeMounts: [
          { name: "scripts", mountPath: scriptsFolder, readOnly: true },
          ...(container.volumeMounts ?? []),
        ],
      },
    ],
    volumes: [
      {
        name: "scripts",
        configMap: {
          name: configMap,
          items: [...scripts.files.keys()].map((path) => ({ key: scriptKey(path), path })),
        },
      },
      ...volumes,
    ],
  };
}
