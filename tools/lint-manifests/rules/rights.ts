import type { IPolicyRule } from "kubernetes-models/rbac.authorization.k8s.io/v1/PolicyRule";
import { ofKind } from "../objects.ts";
import { kindRule, type Rule } from "./rule.ts";

type Role = { readonly rules?: readonly IPolicyRule[] };
type Binding = { readonly roleRef: { readonly kind: string; readonly name: string } };

const workloads = [
  ...["pods", "deployments", "statefulsets", "replicasets"],
  ...["daemonsets", "jobs", "cronjobs"],
];

const roles = ["roles", "clusterroles"];
const bindings = ["rolebindings", "clusterrolebindings"];
const reading = ["get", "list", "watch"];
const writing = ["create", "update", "patch"];

/** What hurts most when all of it goes. */
const bulky = ["secrets", "pods", "deployments", "configmaps", "namespaces"];

/** Rights by which an account comes to others: what it may do, to what. */
const waysUp: readonly (readonly [verbs: readonly string[], resources: readonly string[]])[] = [
  [["escalate", "bind", "impersonate"], ["*"]],
  [reading, ["secrets"]],
  [writing, [...roles, ...bindings]],
  [writing, workloads],
  [["create"], ["pods/exec", "pods/attach", "pods/ephemeralcontainers", "serviceaccounts/token"]],
  [["get", "create"], ["nodes/proxy"]],
  [writing, ["certificatesigningrequests/approval"]],
  [writing, ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"]],
];

/** What the API's accounts may do. */
export const rightsRules: readonly Rule[] = [
  bound("access-to-create-pods", ["create"], workloads),
  bound("access-to-secrets", [...reading, "create", "delete"], ["secrets"]),
  granted("bind-verb-in-role", (rule) => allows(rule, ["bind"], roles), "bind any role"),
  granted(
    "escalate-verb-in-role",
    (rule) => allows(rule, ["escalate"], roles),
    "write roles beyond its own rights",
  ),
  granted(
    "impersonate-without-resource-names",
    (rule) => allows(rule, ["impersonate"], ["*"]) && isForAll(rule),
    "act as anybody",
  ),
  granted(
    "approve-signers-without-resource-names",
    (rule) => allows(rule, ["approve"], ["signers"]) && isForAll(rule),
    "approve certificates of every signer",
  ),
  granted(
    "deletecollection-verb-in-role",
    (rule) => allows(rule, ["deletecollection"], bulky),
    "delete all of a kind at once",
  ),
  granted(
    "wildcard-in-rules",
    ({ verbs, resources = [], apiGroups = [] }) =>
      [...verbs, ...resources, ...apiGroups].includes("*"),
    "do what nobody has listed",
  ),
  granted(
    "kube-chainsaw-rbac",
    (rule) => waysUp.some(([verbs, resources]) => allows(rule, verbs, resources)),
    "come to other rights",
  ),
];

function granted(check: string, isFault: (rule: IPolicyRule) => boolean, what: string): Rule {
  return kindRule<Role>(check, ["Role"], ({ rules = [] }) =>
    rules.filter(isFault).map((rule) => `lets an account ${what}: ${inWords(rule)}`),
  );
}

function bound(check: string, verbs: readonly string[], resources: readonly string[]): Rule {
  return kindRule<Binding>(check, ["RoleBinding"], ({ metadata, roleRef }, all) =>
    ofKind<Role>(all, roleRef.kind)
      .filter((each) => each.metadata.name === roleRef.name)
      .filter((each) => each.metadata.namespace === metadata.namespace)
      .flatMap(({ rules = [] }) => rules)
      .filter((rule) => allows(rule, verbs, resources))
      .map((rule) => `lets an account ${inWords(rule)}`),
  );
}

/** Whether a rule allows any of the verbs on any of the resources; `*` among them stands for all. */
function allows(rule: IPolicyRule, verbs: readonly string[], resources: readonly string[]) {
  const { resources: allowed = [] } = rule;
  return (
    rule.verbs.some((verb) => verb === "*" || verbs.includes(verb)) &&
    (resources.includes("*") || allowed.some((each) => each === "*" || resources.includes(each)))
  );
}

function isForAll({ resourceNames = [] }: IPolicyRule): boolean {
  return resourceNames.length === 0;
}

function inWords({ verbs, resources = [] }: IPolicyRule): string {
  return `${verbs.join(", ")} ${resources.join(", ")}`;
}
