import { rightsRules } from "./rights.ts";
import { ruleSuite, thing } from "./rule.suite.ts";

const role = (verbs: readonly string[], resources: readonly string[], more: object = {}) =>
  thing("Role", { rules: [{ apiGroups: [""], resources, verbs, ...more }] });
const bound = (verbs: readonly string[], resources: readonly string[]) =>
  [thing("RoleBinding", { roleRef: { kind: "Role", name: "x" } }), role(verbs, resources)] as const;
const one = { resourceNames: ["one"] };

ruleSuite("what accounts may do", rightsRules, {
  "access-to-create-pods": [bound(["create"], ["deployments"]), bound(["get"], ["pods"])],
  "access-to-secrets": [bound(["*"], ["*"]), bound(["get"], ["configmaps"])],
  "bind-verb-in-role": [role(["bind"], ["clusterroles"]), role(["get"], ["roles"])],
  "escalate-verb-in-role": [role(["escalate"], ["roles"]), role(["escalate"], ["pods"])],
  "impersonate-without-resource-names": [
    role(["impersonate"], ["users"]),
    role(["impersonate"], ["users"], one),
  ],
  "approve-signers-without-resource-names": [
    role(["approve"], ["signers"]),
    role(["approve"], ["signers"], one),
  ],
  "deletecollection-verb-in-role": [
    role(["deletecollection"], ["pods"]),
    role(["delete"], ["pods"]),
  ],
  "wildcard-in-rules": [role(["get"], ["*"]), role(["get"], ["pods"])],
  "kube-chainsaw-rbac": [role(["create"], ["pods/exec"]), role(["create"], ["secrets"])],
});
