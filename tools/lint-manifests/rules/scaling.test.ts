import { pods, ruleSuite, thing } from "./rule.suite.ts";
import { scalingRules } from "./scaling.ts";

const scaler = (spec: object) => thing("HorizontalPodAutoscaler", { spec });
const scaleTargetRef = { kind: "Deployment", name: "x" };
const budget = (spec: object) => thing("PodDisruptionBudget", { spec });
const job = (spec: object) => thing("Job", { spec });
const two = pods({}, { replicas: 2 });

ruleSuite("how many pods there are", scalingRules, {
  "hpa-minimum-three-replicas": [scaler({}), scaler({ minReplicas: 3 })],
  "hpa-maximum-replicas": [scaler({ maxReplicas: 101 }), scaler({ maxReplicas: 100 })],
  "dangling-horizontalpodautoscaler": [
    [scaler({ scaleTargetRef }), pods({}, {}, "StatefulSet")],
    [scaler({ scaleTargetRef }), two],
  ],
  "pdb-max-unavailable": [budget({ maxUnavailable: "0%" }), budget({ maxUnavailable: 1 })],
  "pdb-min-available": [
    [budget({ minAvailable: "100%" }), two],
    [budget({ minAvailable: 1 }), two],
  ],
  "pdb-unhealthy-pod-eviction-policy": [
    budget({}),
    budget({ unhealthyPodEvictionPolicy: "AlwaysAllow" }),
  ],
  "job-ttl-seconds-after-finished": [
    thing("CronJob", { spec: { jobTemplate: { spec: { ttlSecondsAfterFinished: 1 } } } }),
    job({ ttlSecondsAfterFinished: 1 }),
  ],
});
