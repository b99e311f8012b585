/** A check of kube-linter that has no object here. */
export interface AbsentCheck {
  /** The name that kube-linter has for it. */
  readonly check: string;

  /** The kinds that it is about; a manifest with one of them needs a rule. */
  readonly kinds: readonly string[];
}

/** The checks about kinds that no chart makes. */
export const absentChecks: readonly AbsentCheck[] = [
  { check: "aggregate-to-admin-escalation", kinds: ["ClusterRole"] },
  { check: "cluster-admin-role-binding", kinds: ["ClusterRoleBinding"] },
  { check: "cluster-wide-secrets-access", kinds: ["ClusterRoleBinding"] },
  { check: "dangling-servicemonitor", kinds: ["ServiceMonitor"] },
  { check: "insecure-route-termination", kinds: ["Route"] },
  { check: "scc-deny-privileged-container", kinds: ["SecurityContextConstraints"] },
  { check: "stackrox-securedcluster-deprecated-fields", kinds: ["SecuredCluster"] },
  {
    check: "webhook-failure-policy-ignore",
    kinds: ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"],
  },
  { check: "wildcard-resource-verb-combo", kinds: ["ClusterRole"] },
];

/** Kinds that rules would look at as well, but that no chart makes: bare pods, and what became Deployments. */
export const unreadKinds: readonly string[] = ["DeploymentConfig", "Pod", "ReplicationController"];
