import { environmentRules } from "./environment.ts";
import { container, ruleSuite, thing } from "./rule.suite.ts";

const knows = (...env: readonly object[]) => container({ env });
const secretKeyRef = { name: "store", key: "password" };
const reader = knows({ name: "PASSWORD", valueFrom: { secretKeyRef } });

ruleSuite("what containers are told", environmentRules, {
  "duplicate-env-var": [
    knows({ name: "A", value: "1" }, { name: "A", value: "2" }),
    knows({ name: "A", value: "1" }, { name: "B", value: "1" }),
  ],
  "env-var-secret": [knows({ name: "MY_SECRET", value: "x" }), knows({ name: "MY_SECRET" })],
  "read-secret-from-env-var": [reader, knows({ name: "PASSWORD", value: "x" })],
  "env-value-from": [
    [reader, thing("Secret", { stringData: { user: "x" } }, "store")],
    [reader, thing("Secret", { stringData: { password: "x" } }, "store")],
  ],
  "configmap-with-credentials": [
    thing("ConfigMap", { data: { "api_key.txt": "x" } }),
    thing("ConfigMap", { data: { "server.conf": "x" } }),
  ],
});
