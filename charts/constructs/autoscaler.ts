import { Duration } from "cdk8s";
import {
  type Deployment,
  HorizontalPodAutoscaler,
  Metric,
  MetricTarget,
  Replicas,
} from "cdk8s-plus-28";
import { Construct } from "constructs";
import { scalingPace } from "./scaling-pace.ts";

/** How many pods run, by their CPU. */
export interface Autoscale {
  /**
   * The fewest pods.
   * @default 1
   */
  readonly min?: number;

  /** The most pods. */
  readonly max: number;

  /** The mean CPU to hold the pods at, in percent of what they request. */
  readonly cpuPercent: number;

  /**
   * The autoscaler's name.
   * @default the workload's name and `-hpa`
   */
  readonly name?: string;
}

/** What an `Autoscaler` is made of. */
export interface AutoscalerProps extends Autoscale {
  /** The workload to scale; it has no number of replicas of its own. */
  readonly target: Deployment;

  /**
   * Labels of the autoscaler.
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A HorizontalPodAutoscaler that follows the CPU of a workload's pods. */
export class Autoscaler extends Construct {
  constructor(scope: Construct, id: string, props: AutoscalerProps) {
    super(scope, id);
    new HorizontalPodAutoscaler(this, "hpa", {
      metadata: {
        name: props.name ?? `${props.target.name}-hpa`,
        labels: { ...props.labels },
      },
      target: props.target,
      minReplicas: props.min ?? 1,
      maxReplicas: props.max,
      metrics: [Metric.resourceCpu(MetricTarget.averageUtilization(props.cpuPercent))],
      scaleUp: rules(scalingPace.up),
      scaleDown: rules(scalingPace.down),
    });
  }
}

function rules({ waitS, pods, everyS }: (typeof scalingPace)["up" | "down"]) {
  return {
    stabilizationWindow: Duration.seconds(waitS),
    policies: [{ replicas: Replicas.absolute(pods), duration: Duration.seconds(everyS) }],
  };
}
