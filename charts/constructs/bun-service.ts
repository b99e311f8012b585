import { Duration } from "cdk8s";
import {
  Capability,
  type ContainerPort,
  type ContainerProps,
  type ContainerSecurityContextProps,
  Deployment,
  DeploymentStrategy,
  ImagePullPolicy,
  LabelSelector,
  PercentOrAbsolute,
  Probe,
  SeccompProfileType,
  type Service,
  ServiceAccount,
} from "cdk8s-plus-28";
import { Construct } from "constructs";
import { Account } from "./account.ts";
import { Autoscaler } from "./autoscaler.ts";
import type { BunServiceProps, ProbePath, Scale } from "./bun-service-props.ts";
import { DisruptionBudget } from "./disruption-budget.ts";
import { Front, type FrontPort, type FrontProps } from "./front.ts";
import { imageOf, version } from "./image.ts";
import { patchDeployment } from "./patches.ts";
import { podsMax } from "./refusals.ts";
import { containerResources, defaultResources, diskOf } from "./resources.ts";
import { secretMounts } from "./secret-files.ts";
import { spreadByHost } from "./server-pod.ts";
import { envVariables, readEnv, type ServiceSpec } from "./service-env.ts";

/**
 * How long a pod goes on serving after it was told to stop, in seconds: until everyone has heard that its address is gone.
 * Behind an address that balances that is the cluster's own affair. Who looks pods up by name asks every 5 s, and name
 * servers keep an answer for 5 s, in their caches for as long again: shorter sleeps failed requests in rollouts.
 */
const preStopSleepS = { balanced: 3, byName: 12 } as const;

/** How long a pod may take to end: the longer sleep, a drain of 20 s, and some room. */
const terminationGraceS = 45;

/** The user `nonroot` of distroless images. */
const nonRoot = 65_532;

const restricted: ContainerSecurityContextProps = {
  user: nonRoot,
  group: nonRoot,
  ensureNonRoot: true,
  privileged: false,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: [Capability.ALL] },
  seccompProfile: { type: SeccompProfileType.RUNTIME_DEFAULT },
};

/**
 * One of our services: a Deployment, the Services in front of it and, where asked for, its autoscaler. Its pods pass Pod
 * Security "restricted", hold no account token, and roll one by one, each new pod ready before an old one goes.
 */
export class BunService<S extends ServiceSpec> extends Construct {
  /** The Services, in the order of `fronts`. */
  readonly services: readonly Service[];

  constructor(scope: Construct, id: string, props: BunServiceProps<S>) {
    super(scope, id);
    const name = props.name ?? id;
    refuseContradictions(name, props);
    const selector = { app: name, "app.kubernetes.io/name": name };
    const labels = {
      ...selector,
      "app.kubernetes.io/component": props.service,
      ...(props.partOf === undefined ? {} : { "app.kubernetes.io/part-of": props.partOf }),
      "app.kubernetes.io/version": version,
    };
    new Account(this, "account", { name, labels });
    const isSeveral = podsMax(props) > 1;
    if (isSeveral) new DisruptionBudget(this, "budget", { app: name, labels });
    const deployment = new Deployment(this, "deployment", {
      metadata: { name, labels },
      podMetadata: { labels },
      select: false,
      ...(isScaled(props) ? {} : { replicas: props.replicas ?? 1 }),
      strategy: DeploymentStrategy.rollingUpdate({
        maxSurge: PercentOrAbsolute.absolute(1),
        maxUnavailable: PercentOrAbsolute.absolute(0),
      }),
      automountServiceAccountToken: false,
      serviceAccount: ServiceAccount.fromServiceAccountName(this, "own", name),
      terminationGracePeriod: Duration.seconds(terminationGraceS),
      securityContext: { user: nonRoot, group: nonRoot, ensureNonRoot: true },
      containers: [container(this, name, props)],
    });
    deployment.select(LabelSelector.of({ labels: selector }));
    if (props.scaledTo !== undefined) deployment.markHasAutoscaler();
    const byName = (props.fronts ?? []).some(({ resolves }) => resolves === "ready-pods");
    patchDeployment(deployment, {
      preStopSleepS: byName ? preStopSleepS.byName : preStopSleepS.balanced,
      disk: diskOf(props.resources ?? defaultResources),
      affinity: isSeveral ? spreadByHost(name) : undefined,
    });
    this.services = (props.fronts ?? []).map(
      (front) => new Front(this, front.name, { ...front, selector, labels }).service,
    );
    if (props.autoscale !== undefined) {
      new Autoscaler(this, "autoscaler", { ...props.autoscale, target: deployment, labels });
    }
  }
}

function container<S extends ServiceSpec>(
  scope: Construct,
  name: string,
  props: BunServiceProps<S>,
): ContainerProps {
  const config = readEnv<ServiceSpec>(name, props.spec, props.env);
  const adminPort = config.ADMIN_PORT;
  return {
    name: props.service,
    image: imageOf(props.service, props.registry ?? ""),
    imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
    ports: containerPorts(props.fronts ?? [], { name: "admin", targetPort: adminPort }),
    envVariables: envVariables(scope, props.env),
    volumeMounts: secretMounts(scope, props.secretFiles ?? []),
    resources: containerResources(props.resources ?? defaultResources),
    securityContext: restricted,
    readiness: probe(props.probe ?? { path: "/ready", port: adminPort }, { delayS: 5, periodS: 5 }),
    liveness: probe(props.probe ?? { path: "/live", port: adminPort }, { delayS: 10, periodS: 10 }),
  };
}

/** Every port that a Service leads to, and the admin port, each once. */
function containerPorts(fronts: readonly FrontProps[], admin: FrontPort): ContainerPort[] {
  const all = [...fronts.flatMap(({ ports }) => ports), admin];
  const byNumber = new Map(all.map(({ name, targetPort }) => [targetPort, name]));
  return [...byNumber].map(([number, name]) => ({ number, name }));
}

/** The times are those of the reference's API; the admin port answers within a second, or says that it cannot. */
function probe(
  { path, port }: ProbePath,
  { delayS, periodS }: { readonly delayS: number; readonly periodS: number },
): Probe {
  return Probe.fromHttpGet(path, {
    port,
    initialDelaySeconds: Duration.seconds(delayS),
    periodSeconds: Duration.seconds(periodS),
    timeoutSeconds: Duration.seconds(2),
  });
}

function isScaled({ autoscale, scaledTo }: Scale): boolean {
  return autoscale !== undefined || scaledTo !== undefined;
}

function refuseContradictions(name: string, props: Scale): void {
  const { replicas, autoscale, scaledTo, resources } = props;
  if (isScaled(props) && replicas !== undefined) {
    throw new Error(
      `Cannot autoscale ${name}: a fixed number of replicas and an autoscaler undo each other: current value is replicas ${replicas}`,
    );
  }
  if (autoscale === undefined) return;
  if (scaledTo !== undefined) {
    throw new Error(
      `Cannot autoscale ${name}: two autoscalers undo each other: current value of scaledTo is ${scaledTo}`,
    );
  }
  if ((resources ?? defaultResources).cpuRequestMillis === undefined) {
    throw new Error(
      `Cannot autoscale ${name}: ${autoscale.cpuPercent} % of the CPU that a pod requests is no figure when it requests none: current value is ${JSON.stringify(resources)}`,
    );
  }
}
