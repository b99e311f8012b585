import { podRules } from "./pods.ts";
import { pods, ruleSuite, thing } from "./rule.suite.ts";

const account = pods({ serviceAccountName: "own" });
const ndots = (value: string) => pods({ dnsConfig: { options: [{ name: "ndots", value }] } });
const apart = (app: string) => {
  const term = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app } } };
  const podAntiAffinity = {
    preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term }],
  };
  return pods({ affinity: { podAntiAffinity } }, { replicas: 2 });
};
const first = (securityContext: object) =>
  pods({
    securityContext: { runAsNonRoot: true },
    initContainers: [{ name: "first", securityContext }],
  });
const token = (expirationSeconds: number) => {
  const serviceAccountToken = { path: "token", expirationSeconds };
  return pods({ volumes: [{ name: "v", projected: { sources: [{ serviceAccountToken }] } }] });
};
const named = (metadata: object) => ({
  ...pods({}),
  metadata: { name: "x", namespace: "space", ...metadata },
});

ruleSuite("what pods say of themselves", podRules, {
  "automount-service-account-token": [pods({}), pods({ automountServiceAccountToken: false })],
  "default-service-account": [pods({}), account],
  "deprecated-service-account-field": [pods({ serviceAccount: "own" }), account],
  "non-existent-service-account": [account, [account, thing("ServiceAccount", {}, "own")]],
  "dnsconfig-options": [ndots("5"), ndots("2")],
  "no-node-affinity": [pods({}), pods({ affinity: { nodeAffinity: {} } })],
  "no-anti-affinity": [apart("y"), apart("x")],
  "priority-class-name": [
    pods({ priorityClassName: "mine" }),
    pods({ priorityClassName: "system-node-critical" }),
  ],
  "restart-policy": [pods({ restartPolicy: "Never" }), pods({ restartPolicy: "Always" })],
  "init-container-security-gap": [first({}), first({ runAsNonRoot: true })],
  "projected-token-long-expiration": [token(86_401), token(600)],
  "required-annotation-email": [
    named({ annotations: { email: "nobody" } }),
    named({ annotations: { email: "somebody@example.org" } }),
  ],
  "required-label-owner": [named({}), named({ labels: { owner: "somebody" } })],
});
