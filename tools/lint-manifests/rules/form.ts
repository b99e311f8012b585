import { schemaFaults } from "../../../charts/testing/schema-faults.ts";
import type { Rule } from "./rule.ts";

/** How manifests are written. */
export const formRules: readonly Rule[] = [
  {
    check: "schema-validation",
    find: (object) => (isBuiltIn(object.apiVersion) ? schemaFaults(object) : []),
  },
  { check: "sorted-keys", find: (object) => unsorted(object, "") },
];

/** Groups of operators have a domain of their own, and schemas that only their cluster knows. */
function isBuiltIn(apiVersion: string): boolean {
  const [group = "", version] = apiVersion.split("/");
  return version === undefined || !group.includes(".") || group.endsWith(".k8s.io");
}

function unsorted(value: unknown, path: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const keys = Object.keys(value);
  const outOfOrder = keys.find((key, at) => key < (keys[at - 1] ?? ""));
  return [
    ...(outOfOrder === undefined || Array.isArray(value)
      ? []
      : [`${path === "" ? "" : `${path}: `}${outOfOrder} stands too late`]),
    ...Object.entries(value).flatMap(([key, below]) =>
      unsorted(below, path === "" ? key : `${path}.${key}`),
    ),
  ];
}
