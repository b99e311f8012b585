import type { Kubectl } from "./kubectl.ts";
import type { Pod } from "./objects.ts";
import { waitFor } from "./wait-for.ts";

/** A port of a pod or Service. */
export interface Target {
  /** What people call it. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** From where ports are tried. */
export interface Probe<T extends Target> {
  /** The cluster, in the namespace of the probe. */
  readonly cluster: Kubectl;
  /** The labels of the pod, by which policies judge it. */
  readonly labels: Readonly<Record<string, string>>;
  readonly targets: readonly T[];
  /** Ends the probe early. */
  readonly signal: AbortSignal;
}

const name = "e2e-probe";
const endMs = 120_000;
/** Policies are told of a new pod a moment after it started. */
const settleS = 5;
const connectS = 3;
const nobody = 65_534;

/** Tries to connect to each target from a pod, and returns those that let it. */
export async function reachable<T extends Target>({
  cluster,
  labels,
  targets,
  signal,
}: Probe<T>): Promise<ReadonlySet<T>> {
  await cluster.remove("pod", name);
  await cluster.apply([podThatTries(labels, targets)]);
  await waitFor({
    what: "the end of a probe",
    limitMs: endMs,
    signal,
    look: async () => {
      const pod = await cluster.find<Pod>("pod", name);
      return pod?.status.phase === "Succeeded" ? pod : undefined;
    },
  });
  const log = await cluster.run(["logs", name]);
  await cluster.remove("pod", name);
  const open = new Set(log.split("\n"));
  return new Set(targets.filter((target) => open.has(`open ${place(target)}`)));
}

function place({ address, port }: Target): string {
  return `${address} ${port}`;
}

function podThatTries(
  labels: Readonly<Record<string, string>>,
  targets: readonly Target[],
): object {
  const tries = targets.map(
    (target) => `nc -w ${connectS} ${place(target)} -e true && echo open ${place(target)}`,
  );
  const script = [`sleep ${settleS}`, ...tries, "true"].join("\n");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: nobody,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "probe",
          image: "busybox:1.37",
          imagePullPolicy: "IfNotPresent",
          command: ["sh", "-c", script],
          resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "32Mi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    },
  };
}
