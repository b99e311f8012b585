import { isBuiltIn } from "../../../charts/testing/built-in.ts";
import { schemaFaults } from "../../../charts/testing/schema-faults.ts";
import type { Rule } from "./rule.ts";

/** How manifests are written. */
export const formRules: readonly Rule[] = [
  {
    check: "schema-validation",
    // What an operator brings has schemas that only its cluster knows: `bun run schemas` asks one.
    find: (object) => (isBuiltIn(object.apiVersion) ? schemaFaults(object) : []),
  },
  { check: "sorted-keys", find: (object) => unsorted(object, "") },
];

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
