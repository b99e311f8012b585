import { ApiObject, Chart } from "cdk8s";
import { Construct } from "constructs";
import type {
  ScaledObjectSpec,
  ScaleTrigger,
  ScalingRules,
  TriggerAuthenticationSpec,
} from "./keda-forms.ts";
import type { LagPlan } from "./lag-scale.ts";
import { lagTrigger, type Waiting } from "./lag-trigger.ts";
import type { PolicyPeer } from "./network-policies.ts";
import { scalingPace } from "./scaling-pace.ts";

/** What a `LagScaler` is made of. */
export interface LagScalerProps {
  /** The Deployment that it scales, which has no number of replicas of its own. */
  readonly target: string;

  /** What waits for its pods. */
  readonly waiting: Waiting;

  /** By which numbers. */
  readonly plan: LagPlan;

  /** What its objects are a part of. */
  readonly partOf: string;
}

/** Who asks the brokers: the operator's pods, where its manifests and its chart put them. */
export const kedaOperator: PolicyPeer = { namespace: "keda", labels: { app: "keda-operator" } };

const apiVersion = "keda.sh/v1alpha1";

/** As many looks in a row must fail before KEDA takes the broker for away. */
const failuresMax = 3;

/**
 * KEDA's `ScaledObject` for one consumer: pods by what waits for them, where a HorizontalPodAutoscaler by CPU would only see
 * how busy they are. KEDA makes the HorizontalPodAutoscaler; one of the same name that is there already becomes its own,
 * and there must be no other for the same Deployment.
 *
 * A Kafka lane is capped at the topic's partitions, by synth and by KEDA: each partition feeds one consumer, and pods beyond
 * would stay idle. A queue of RabbitMQ has no such bound. Every change of the number of pods shares out partitions anew,
 * so it goes down slowly, one pod at a time.
 *
 * While a broker cannot be asked, the pods that run go on running: an outage is no reason to stop who must catch up after it.
 */
export class LagScaler extends Construct {
  constructor(scope: Construct, id: string, props: LagScalerProps) {
    super(scope, id);
    const { target, plan } = props;
    const labels = { "app.kubernetes.io/part-of": props.partOf };
    const { namespace } = Chart.of(this);
    const place = { name: target, namespace, perPod: plan.perPod };
    const { trigger, auth } = lagTrigger(props.waiting, place);
    if (auth !== undefined) {
      const spec: TriggerAuthenticationSpec = auth;
      new ApiObject(this, "login", {
        apiVersion,
        kind: "TriggerAuthentication",
        metadata: { name: target, labels },
        spec,
      });
    }
    new ApiObject(this, "scaler", {
      apiVersion,
      kind: "ScaledObject",
      metadata: {
        name: target,
        labels,
        annotations: { "scaledobject.keda.sh/transfer-hpa-ownership": "true" },
      },
      spec: scaledObjectSpec(target, plan, [trigger, ...cpuTriggers(plan)]),
    });
  }
}

function scaledObjectSpec(
  target: string,
  plan: LagPlan,
  triggers: readonly ScaleTrigger[],
): ScaledObjectSpec {
  return {
    scaleTargetRef: { name: target },
    minReplicaCount: plan.min,
    maxReplicaCount: plan.max,
    // From one pod on, the HorizontalPodAutoscaler looks by itself, and KEDA warns of both.
    ...(plan.min === 0 ? { pollingInterval: plan.everyS, cooldownPeriod: plan.idleS } : {}),
    fallback: {
      failureThreshold: failuresMax,
      replicas: plan.blind,
      behavior: "currentReplicasIfHigher",
    },
    advanced: {
      // Without it, taking KEDA's object away leaves as many pods as ran at that moment.
      restoreToOriginalReplicaCount: true,
      horizontalPodAutoscalerConfig: {
        name: plan.name,
        behavior: { scaleUp: rules(scalingPace.up), scaleDown: rules(scalingPace.down) },
      },
    },
    triggers,
  };
}

function rules({ waitS, pods, everyS }: (typeof scalingPace)["up" | "down"]): ScalingRules {
  return {
    stabilizationWindowSeconds: waitS,
    policies: [{ type: "Pods", value: pods, periodSeconds: everyS }],
  };
}

function cpuTriggers({ cpuPercent }: LagPlan): readonly ScaleTrigger[] {
  if (cpuPercent === undefined) return [];
  return [
    { type: "cpu", name: "cpu", metricType: "Utilization", metadata: { value: `${cpuPercent}` } },
  ];
}
