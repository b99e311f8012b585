import { createHash } from "node:crypto";
import {
  type Container,
  KubeConfigMap,
  KubeStatefulSet,
  type PodTemplateSpec,
  Quantity,
  type StatefulSetSpec,
} from "cdk8s-plus-28/lib/imports/k8s";
import { Construct } from "constructs";
import { Account } from "./account.ts";
import { DisruptionBudget } from "./disruption-budget.ts";
import { Front } from "./front.ts";
import { pinnedImage } from "./pinned-image.ts";
import { keysOf } from "./secret-plan.ts";
import {
  filesVolume,
  quantities,
  restrictedContainer,
  scratchMounts,
  serverEnv,
  spreadByHost,
} from "./server-pod.ts";
import type { Sidecar, StatefulServerProps } from "./stateful-server-props.ts";

/** What all temporary folders of a pod may hold together. */
const scratchMiB = 256;

/** Those folders, and room for what the node keeps of the log. */
const disk = { diskRequestMiB: 64, diskLimitMiB: 2 * scratchMiB };

/**
 * A broker or store: a StatefulSet whose pods keep a volume each, its Services, account and budget. The pods pass Pod
 * Security "restricted", hold no account token, write to their volumes alone, and wait for their Secret.
 */
export class StatefulServer extends Construct {
  /** The workload's name, which its pods carry as `app`. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: StatefulServerProps) {
    super(scope, id);
    const name = props.name ?? scope.node.id;
    this.name = name;
    const selector = { app: name, "app.kubernetes.io/name": name };
    const labels = {
      ...selector,
      "app.kubernetes.io/component": props.component,
      ...(props.partOf === undefined ? {} : { "app.kubernetes.io/part-of": props.partOf }),
    };
    new Account(this, "account", { name, labels });
    new DisruptionBudget(this, "budget", { app: name, labels });
    new Front(this, "nodes", {
      name: props.nodesService,
      ports: [...props.ports, ...(props.sidecar?.ports ?? [])],
      resolves: "every-pod",
      selector,
      labels,
    });
    for (const { pod, ...front } of props.fronts) {
      const one =
        pod === undefined ? {} : { "statefulset.kubernetes.io/pod-name": `${name}-${pod}` };
      new Front(this, front.name, { ...front, selector: { ...selector, ...one }, labels });
    }
    if (props.files !== undefined) {
      new KubeConfigMap(this, "files", { metadata: { name, labels }, data: props.files.texts });
    }
    const { secret } = props;
    new KubeStatefulSet(this, "set", {
      metadata: {
        name,
        labels,
        annotations: { "tweet-pipeline/secret": `${secret.name}: ${keysOf(secret).join(", ")}` },
      },
      spec: setSpec(name, labels, props),
    });
  }
}

function setSpec(
  name: string,
  labels: Readonly<Record<string, string>>,
  props: StatefulServerProps,
): StatefulSetSpec {
  const { storageMiB = 1_024, storageClassName } = props;
  return {
    serviceName: props.nodesService,
    replicas: props.replicas ?? 1,
    // All at once: servers of a cluster wait for each other, and a pod that never gets ready must not keep the others away.
    podManagementPolicy: "Parallel",
    updateStrategy: { type: "RollingUpdate" },
    minReadySeconds: props.minReadyS ?? 0,
    selector: { matchLabels: { app: name } },
    template: template(name, labels, props),
    volumeClaimTemplates: [
      {
        metadata: { name: "data" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          ...(storageClassName === undefined ? {} : { storageClassName }),
          resources: { requests: { storage: Quantity.fromString(`${storageMiB}Mi`) } },
        },
      },
    ],
  };
}

function template(
  name: string,
  labels: Readonly<Record<string, string>>,
  props: StatefulServerProps,
): PodTemplateSpec {
  const { user, files, sidecar } = props;
  const server = {
    ...props,
    name: "server",
    resources: props.resources ?? props.defaultResources,
  };
  return {
    metadata: {
      labels,
      // A pod that is not made anew would go on with the files of before.
      ...(files === undefined
        ? {}
        : { annotations: { "tweet-pipeline/files": fingerprint(files.texts) } }),
    },
    spec: {
      serviceAccountName: name,
      automountServiceAccountToken: false,
      // A Service named `kafka` would make KAFKA_PORT, which the image takes for a property of the broker.
      enableServiceLinks: false,
      restartPolicy: "Always",
      terminationGracePeriodSeconds: props.terminationGraceS ?? 30,
      affinity: spreadByHost(name),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        // Erlang refuses a cookie that the kubelet has opened to the group at a later start.
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [server, ...(sidecar === undefined ? [] : [sidecar])].map((each) =>
        container(name, each, props),
      ),
      volumes: [
        ...(props.scratchPaths.length === 0
          ? []
          : [
              {
                name: "scratch",
                emptyDir: { sizeLimit: Quantity.fromString(`${scratchMiB}Mi`) },
              },
            ]),
        ...(files === undefined ? [] : [filesVolume(name, files)]),
      ],
    },
  };
}

/** What the server and what stands beside it have each of its own. */
type Program = Pick<StatefulServerProps, "command" | "env" | "ports" | "probes"> &
  Pick<Sidecar, "name" | "resources">;

function container(workload: string, program: Program, props: StatefulServerProps): Container {
  const { command, probes } = program;
  const { files } = props;
  return {
    name: program.name,
    ...pinnedImage(workload, props, props.defaultImage),
    ...(command === undefined ? {} : { command: [...command] }),
    env: serverEnv(program.env),
    ports: program.ports.map((port) => ({ name: port.name, containerPort: port.targetPort })),
    resources: quantities({ ...disk, ...program.resources }),
    securityContext: restrictedContainer,
    ...(probes.startup === undefined ? {} : { startupProbe: probes.startup }),
    readinessProbe: probes.readiness,
    livenessProbe: probes.liveness,
    volumeMounts: [
      { name: "data", mountPath: props.dataPath },
      ...scratchMounts(props.scratchPaths),
      ...(files === undefined ? [] : [{ name: "files", mountPath: files.mountPath }]),
    ],
  };
}

function fingerprint(texts: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 16);
}
