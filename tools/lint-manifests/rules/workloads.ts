import { isOfKind, ofKind, podsOf } from "../objects.ts";
import { kindRule, type Rule } from "./rule.ts";
import { type Selector, selects } from "./selector.ts";

/** What a Deployment, a StatefulSet and their like have in common. */
interface Scaled {
  readonly spec: {
    readonly replicas?: number;
    readonly selector?: Selector;
    readonly strategy?: { readonly type?: string };
    readonly updateStrategy?: { readonly type?: string };
  };
}

const scaled = ["Deployment", "ReplicaSet", "StatefulSet"];
const rolled = ["DaemonSet", "Deployment", "StatefulSet"];

const replicasMin = 3;

/** How workloads keep their pods. */
export const workloadRules: readonly Rule[] = [
  kindRule<Scaled>("minimum-three-replicas", scaled, ({ spec: { replicas = 1 } }) =>
    replicas < replicasMin ? `runs ${replicas} pods, fewer than ${replicasMin}` : undefined,
  ),
  kindRule<Scaled>("no-rolling-update-strategy", rolled, ({ spec }) => {
    const { type = "nothing that it says" } = spec.strategy ?? spec.updateStrategy ?? {};
    return type === "RollingUpdate" ? undefined : `replaces its pods by ${type}`;
  }),
  kindRule<Scaled>("mismatching-selector", [...scaled, "DaemonSet"], (object) => {
    const { labels = {} } = podsOf(object) ?? {};
    return selects(object.spec.selector ?? {}, labels)
      ? undefined
      : "its selector does not choose the pods that it makes";
  }),
  kindRule<Scaled>("pod-disruption-budget", scaled, (object, all) => {
    const { labels = {} } = podsOf(object) ?? {};
    const budgets = ofKind<{ readonly spec: Scaled["spec"] }>(all, "PodDisruptionBudget");
    const kept = budgets.some(
      ({ metadata, spec }) =>
        metadata.namespace === object.metadata.namespace && selects(spec.selector ?? {}, labels),
    );
    const { replicas = 1 } = object.spec;
    return replicas < 2 || kept ? undefined : `no budget keeps any of its ${replicas} pods`;
  }),
  {
    check: "no-extensions-v1beta",
    find: ({ apiVersion }) =>
      /^extensions\/v1beta./.test(apiVersion) ? [`is of ${apiVersion}, which is no more`] : [],
  },
  {
    check: "use-namespace",
    find: (object) => {
      const { namespace = "default" } = object.metadata;
      const asks = isOfKind(object, ["Service"]) || podsOf(object) !== undefined;
      return asks && namespace === "default" ? ["is in the default namespace"] : [];
    },
  },
];
