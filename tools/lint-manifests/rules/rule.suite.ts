import { describe, expect, test } from "bun:test";
import type { KubeObject } from "../objects.ts";
import type { Rule } from "./rule.ts";

/** An object, and those that are applied with it. */
type Together = KubeObject | readonly [KubeObject, ...KubeObject[]];

/** What a rule must find something in, and what it must not. */
export type Example = readonly [found: Together, fine: Together];

/** An object of a kind, in a namespace. */
export function thing(kind: string, fields: object, name = "x"): KubeObject {
  return { apiVersion: "v1", kind, metadata: { name, namespace: "space" }, ...fields };
}

/** A workload whose pods are like this, and whatever else it says of itself. */
export function pods(podSpec: object, spec: object = {}, kind = "Deployment"): KubeObject {
  const template = { metadata: { labels: { app: "x" } }, spec: { containers: [], ...podSpec } };
  return thing(kind, { spec: { ...spec, template } });
}

/** A workload with one container that is like this, in pods that are like that. */
export function container(fields: object, podSpec: object = {}): KubeObject {
  return pods({ containers: [{ name: "c", ...fields }], ...podSpec });
}

/** Tries every rule on an object that has the fault and on one that has not. */
export function ruleSuite(
  theme: string,
  rules: readonly Rule[],
  examples: Readonly<Record<string, Example>>,
): void {
  describe(`rules: ${theme}`, () => {
    test("each has examples", () => {
      expect(rules.map(({ check }) => check).sort()).toEqual(Object.keys(examples).sort());
    });

    test.each(Object.entries(examples))("%s", (check, [found, fine]) => {
      const rule = rules.find((each) => each.check === check);
      expect(judge(rule, found).length).toBeGreaterThan(0);
      expect(judge(rule, fine)).toEqual([]);
    });
  });
}

function judge(rule: Rule | undefined, together: Together): readonly string[] {
  const all = isSeveral(together) ? together : ([together] as const);
  return rule?.find(all[0], all) ?? [];
}

function isSeveral(together: Together): together is readonly [KubeObject, ...KubeObject[]] {
  return Array.isArray(together);
}
