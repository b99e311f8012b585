import { expect, test } from "bun:test";
import { at } from "../testing/manifest.ts";
import { allFaults, synth } from "../testing/synth.ts";
import { Account } from "./account.ts";
import { DisruptionBudget, type DisruptionBudgetProps } from "./disruption-budget.ts";

const budgetWith = (props: Partial<DisruptionBudgetProps> = {}) =>
  synth((chart) => new DisruptionBudget(chart, "budget", { app: "api", ...props }));

test("a budget lets one pod of a workload go at a time, or as many as it says", () => {
  const [budget] = budgetWith({ labels: { app: "api" } });
  expect(allFaults(budgetWith({ labels: { app: "api" } }))).toEqual([]);
  expect(at(budget, "metadata.labels")).toEqual({ app: "api" });
  expect(at(budget, "spec")).toEqual({
    selector: { matchLabels: { app: "api" } },
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: "AlwaysAllow",
  });
  expect(at(budgetWith({ maxUnavailable: 2 })[0], "spec.maxUnavailable")).toBe(2);
});

test("a budget under which no node could be emptied is refused", () => {
  for (const maxUnavailable of [0, -1, 0.5]) {
    expect(() => budgetWith({ maxUnavailable })).toThrow(
      `Cannot keep a budget of api: with no pod that may be away, no node can be emptied: current value of maxUnavailable is ${maxUnavailable}`,
    );
  }
});

test("an account gives its pods no token", () => {
  const manifests = synth(
    (chart) => new Account(chart, "account", { name: "api", labels: { app: "api" } }),
  );
  expect(allFaults(manifests)).toEqual([]);
  expect(at(manifests[0], "automountServiceAccountToken")).toBe(false);
  expect(at(manifests[0], "metadata")).toEqual({
    name: "api",
    namespace: "space",
    labels: { app: "api" },
  });
});
