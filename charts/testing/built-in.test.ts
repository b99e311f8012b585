import { expect, test } from "bun:test";
import { isBuiltIn } from "./built-in.ts";

test.each(["v1", "apps/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1"])(
  "isBuiltIn() knows that every cluster has %s",
  (apiVersion) => expect(isBuiltIn(apiVersion)).toBe(true),
);

test.each([
  "gateway.networking.k8s.io/v1",
  "autoscaling.k8s.io/v1",
  "keda.sh/v1alpha1",
  "serving.knative.dev/v1",
])("isBuiltIn() knows that %s comes with somebody", (apiVersion) =>
  expect(isBuiltIn(apiVersion)).toBe(false),
);
