import { expect, test } from "bun:test";
import { join } from "node:path";
import { customOnly, kindOf, misspelt, moved, readFolder } from "./manifests.ts";

const scaler = (name: string) => ({
  apiVersion: "keda.sh/v1alpha1",
  kind: "ScaledObject",
  metadata: { name, namespace: "clima-app" },
  spec: { maxReplicaCount: 3 },
});

test("an object is tried in another namespace, one of no namespace where it is", () => {
  expect(moved(scaler("a"), "trial").metadata.namespace).toBe("trial");
  const space = { apiVersion: "v1", kind: "Namespace", metadata: { name: "clima-app" } };
  expect(moved(space, "trial")).toBe(space);
});

test("of each kind one object is misspelt, and keeps what it had", () => {
  const other = { ...scaler("c"), kind: "TriggerAuthentication", spec: {} };
  const wrong: readonly object[] = misspelt([scaler("a"), scaler("b"), other]);
  expect(wrong).toEqual([
    { ...scaler("b"), spec: { maxReplicaCount: 3, maxReplicaCountMisspelt: 3 } },
    { ...other, spec: { specMisspelt: "" } },
  ]);
});

test("dist/keda has what every cluster knows, and what KEDA brings", () => {
  const folder = readFolder(join(import.meta.dir, "..", "..", "dist", "keda"), "keda");
  const custom = customOnly(folder).objects;
  expect(custom.length).toBeLessThan(folder.objects.length);
  expect([...new Set(custom.map(kindOf))].sort()).toEqual([
    "keda.sh/v1alpha1 ScaledObject",
    "keda.sh/v1alpha1 TriggerAuthentication",
  ]);
});
