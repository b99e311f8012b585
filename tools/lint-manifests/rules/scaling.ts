import type { IHorizontalPodAutoscalerSpec } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscalerSpec";
import type { IJobSpec } from "kubernetes-models/batch/v1/JobSpec";
import type { IPodDisruptionBudgetSpec } from "kubernetes-models/policy/v1/PodDisruptionBudgetSpec";
import { type KubeObject, podsOf } from "../objects.ts";
import { kindRule, type Rule } from "./rule.ts";
import { type Selector, selects } from "./selector.ts";

type Autoscaler = { readonly spec: IHorizontalPodAutoscalerSpec };
type Budget = { readonly spec: IPodDisruptionBudgetSpec };
type Job = { readonly spec: IJobSpec | { readonly jobTemplate: { readonly spec: IJobSpec } } };

const autoscaler = ["HorizontalPodAutoscaler"];
const budget = ["PodDisruptionBudget"];

const replicasMin = 3;
const replicasMax = 100;

/** How many pods there are, how many of them may go, and how long ended ones stay. */
export const scalingRules: readonly Rule[] = [
  kindRule<Autoscaler>("hpa-minimum-three-replicas", autoscaler, ({ spec: { minReplicas = 1 } }) =>
    minReplicas < replicasMin ? `keeps ${minReplicas} pods, fewer than ${replicasMin}` : undefined,
  ),
  kindRule<Autoscaler>("hpa-maximum-replicas", autoscaler, ({ spec: { maxReplicas } }) =>
    maxReplicas > replicasMax ? `makes up to ${maxReplicas} pods` : undefined,
  ),
  kindRule<Autoscaler>("dangling-horizontalpodautoscaler", autoscaler, (object, all) => {
    const { kind, name } = object.spec.scaleTargetRef;
    const found = all.some(
      (each) =>
        each.kind === kind &&
        each.metadata.name === name &&
        each.metadata.namespace === object.metadata.namespace,
    );
    return found ? undefined : `scales ${kind} ${name}, which nothing here makes`;
  }),
  kindRule<Budget>("pdb-max-unavailable", budget, ({ spec: { maxUnavailable = 1 } }) =>
    Number.parseInt(String(maxUnavailable), 10) === 0 ? "lets no pod go, ever" : undefined,
  ),
  kindRule<Budget>("pdb-min-available", budget, (object, all) => {
    const { minAvailable } = object.spec;
    if (minAvailable === undefined) return undefined;
    return replicasBehind(object, all)
      .filter((replicas) => replicas <= amountOf(minAvailable, replicas))
      .map((replicas) => `lets none of ${replicas} pods go, ever`);
  }),
  kindRule<Budget>("pdb-unhealthy-pod-eviction-policy", budget, ({ spec }) =>
    spec.unhealthyPodEvictionPolicy === undefined
      ? "does not say whether a pod that serves nobody may go"
      : undefined,
  ),
  kindRule<Job>("job-ttl-seconds-after-finished", ["Job", "CronJob"], ({ spec }) => {
    if (!("jobTemplate" in spec)) {
      return spec.ttlSecondsAfterFinished === undefined
        ? "stays for ever once it ended"
        : undefined;
    }
    return spec.jobTemplate.spec.ttlSecondsAfterFinished === undefined
      ? undefined
      : "bounds its ended jobs by their age, beside the limits by number";
  }),
];

/** The numbers of pods of the workloads that a budget is about. */
function replicasBehind(
  { metadata, spec }: KubeObject & Budget,
  all: readonly KubeObject[],
): readonly number[] {
  return all.flatMap((each) => {
    const pods = podsOf(each);
    if (pods === undefined || each.metadata.namespace !== metadata.namespace) return [];
    if (!selects((spec.selector ?? {}) as Selector, pods.labels)) return [];
    return [(each as KubeObject & { spec: { replicas?: number } }).spec.replicas ?? 1];
  });
}

/** A number, or a share of all pods. */
function amountOf(value: number | string, all: number): number {
  const number = Number.parseInt(String(value), 10);
  return String(value).endsWith("%") ? Math.floor((all * number) / 100) : number;
}
