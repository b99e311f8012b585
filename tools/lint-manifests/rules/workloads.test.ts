import { pods, ruleSuite, thing } from "./rule.suite.ts";
import { workloadRules } from "./workloads.ts";

const chooses = (app: string) => pods({}, { selector: { matchLabels: { app } } });
const two = pods({}, { replicas: 2 });
const budget = (app: string) =>
  thing("PodDisruptionBudget", { spec: { selector: { matchLabels: { app } } } });

ruleSuite("how workloads keep their pods", workloadRules, {
  "minimum-three-replicas": [two, pods({}, { replicas: 3 })],
  "no-rolling-update-strategy": [
    pods({}, { updateStrategy: { type: "OnDelete" } }, "StatefulSet"),
    pods({}, { strategy: { type: "RollingUpdate" } }),
  ],
  "mismatching-selector": [chooses("y"), chooses("x")],
  "pod-disruption-budget": [
    [two, budget("y")],
    [two, budget("x")],
  ],
  "no-extensions-v1beta": [
    { ...pods({}), apiVersion: "extensions/v1beta1" },
    { ...pods({}), apiVersion: "apps/v1" },
  ],
  "use-namespace": [{ ...pods({}), metadata: { name: "x" } }, pods({})],
});
