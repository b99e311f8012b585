import { networkRules } from "./network.ts";
import { pods, ruleSuite, thing } from "./rule.suite.ts";

const made = pods({});
const matchLabels = { app: "x" };
const policy = (spec: object) => thing("NetworkPolicy", { spec });
const from = (app: string) =>
  policy({ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app } } }] }] });
const but = { matchExpressions: [{ key: "app", operator: "NotIn", values: ["x"] }] };

ruleSuite("the network's policies", networkRules, {
  "non-isolated-pod": [
    [made, policy({ podSelector: but })],
    [made, policy({ podSelector: {} })],
  ],
  "dangling-networkpolicy": [
    [policy({ podSelector: { matchLabels: { app: "y" } } }), made],
    [policy({ podSelector: { matchLabels } }), made],
  ],
  "dangling-networkpolicypeer-podselector": [
    [from("y"), made],
    [from("x"), made],
  ],
});
