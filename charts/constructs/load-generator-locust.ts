import {
  type Container,
  type ContainerPort,
  IntOrString,
  KubeDeployment,
  type Probe,
  Quantity,
} from "cdk8s-plus-28/lib/imports/k8s";
import { Construct } from "constructs";
import {
  keyVariables,
  type LoadWorkload,
  loadPod,
  loadResources,
  scriptsChecksum,
  scriptsFolder,
  scriptVariables,
  variables,
  workloadLabels,
} from "./load-generator-parts.ts";
import { quantities } from "./server-pod.ts";

/** What pods of Locust do: make requests and show the page, show the page for workers, or work. */
export type LocustRole =
  | { readonly kind: "alone" }
  | { readonly kind: "master" }
  | { readonly kind: "worker"; readonly masterHost: string; readonly pods: number };

/** The port of the page. */
export const locustPort = 8_089;

/** The port on which workers find the pod with the page. */
export const masterPort = 5_557;

const image = "locustio/locust:2.47.0";
/** The user `locust` of the image, which names it by a word. */
const locustUser = 1_000;
const temporaryMiB = 64;
const terminationGraceS = 15;

/** Pods of Locust, in one role. */
export class LocustPods extends Construct {
  constructor(scope: Construct, id: string, workload: LoadWorkload & { role: LocustRole }) {
    super(scope, id);
    const { name, role } = workload;
    const labels = workloadLabels(workload);
    new KubeDeployment(this, "deployment", {
      metadata: { name, labels },
      spec: {
        replicas: role.kind === "worker" ? role.pods : 1,
        // A page of before would go on with its run beside the new one.
        strategy: { type: "Recreate" },
        selector: { matchLabels: { app: name } },
        template: {
          metadata: {
            labels,
            annotations: { "tweet-pipeline/scripts": scriptsChecksum(workload.scripts) },
          },
          spec: {
            ...loadPod(workload, locustUser, container(workload), [
              { name: "tmp", emptyDir: { sizeLimit: Quantity.fromString(`${temporaryMiB}Mi`) } },
            ]),
            terminationGracePeriodSeconds: terminationGraceS,
            restartPolicy: "Always",
          },
        },
      },
    });
  }
}

function container({
  props,
  scripts,
  role,
}: LoadWorkload & { readonly role: LocustRole }): Container {
  const { target, users = 10, path = "/locust", resources = loadResources } = props;
  return {
    name: "locust",
    image,
    args: argumentsOf(role, path),
    // Variables instead of arguments, so that a second Locust in the pod, without a page, has them as well.
    env: [
      ...variables({
        LOCUST_LOCUSTFILE: `${scriptsFolder}/${scripts.locust}`,
        LOCUST_HOST: target,
        LOCUST_USERS: `${users}`,
        LOCUST_SPAWN_RATE: `${users}`,
        ...scriptVariables(props),
      }),
      ...keyVariables(props),
    ],
    resources: quantities(resources),
    volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
    ...(role.kind === "worker" ? {} : page(path, role)),
  };
}

function argumentsOf(role: LocustRole, path: string): string[] {
  if (role.kind === "worker") return ["--worker", `--master-host=${role.masterHost}`];
  return [`--web-base-path=${path}`, ...(role.kind === "master" ? ["--master"] : [])];
}

/** The page's port and probes; Python takes a while to start, and to answer while it makes requests. */
function page(path: string, { kind }: LocustRole): Partial<Container> {
  const http: ContainerPort = { name: "http", containerPort: locustPort };
  const master: ContainerPort = { name: "master", containerPort: masterPort };
  const ask = (periodSeconds: number, failureThreshold: number): Probe => ({
    httpGet: { path: `${path}/`, port: IntOrString.fromNumber(locustPort) },
    periodSeconds,
    failureThreshold,
    timeoutSeconds: 5,
  });
  return {
    ports: kind === "master" ? [http, master] : [http],
    startupProbe: ask(2, 60),
    readinessProbe: ask(5, 3),
    livenessProbe: ask(10, 6),
  };
}
