import { formRules } from "./form.ts";
import { ruleSuite, thing } from "./rule.suite.ts";

ruleSuite("how manifests are written", formRules, {
  "schema-validation": [
    thing("ConfigMap", { data: { a: 1 } }),
    { ...thing("Kafka", { spec: { a: 1 } }), apiVersion: "kafka.strimzi.io/v1" },
  ],
  "sorted-keys": [
    thing("Kafka", { spec: { list: [{ b: 1, a: 1 }] } }),
    thing("Kafka", { spec: { list: [{ a: 1, b: 1 }] } }),
  ],
});
