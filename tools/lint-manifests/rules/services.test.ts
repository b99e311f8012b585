import { pods, ruleSuite, thing } from "./rule.suite.ts";
import { serviceRules } from "./services.ts";

const service = (spec: object) => thing("Service", { spec });
const backend = { service: { name: "x", port: { number: 80 } } };
const ingress = thing("Ingress", { spec: { rules: [{ http: { paths: [{ backend }] } }] } });

ruleSuite("ways to pods", serviceRules, {
  "dangling-service": [
    [service({ selector: { app: "y" } }), pods({})],
    [service({ selector: { app: "x" } }), pods({})],
  ],
  "dangling-ingress": [
    [ingress, service({ ports: [{ port: 81 }] })],
    [ingress, service({ ports: [{ port: 80 }] })],
  ],
  "exposed-services": [service({ type: "NodePort" }), service({})],
  "externalname-service-redirect": [
    service({ type: "ExternalName", externalName: "example.org" }),
    service({ type: "ClusterIP" }),
  ],
});
