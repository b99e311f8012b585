import { ofKind } from "../objects.ts";
import { podRule, type Rule } from "./rule.ts";
import { selects } from "./selector.ts";

const dayS = 86_400;

const priorities = ["system-cluster-critical", "system-node-critical"];

/** What pods say of themselves: their account, where they run and how they look up names. */
export const podRules: readonly Rule[] = [
  podRule("automount-service-account-token", ({ spec }) =>
    spec.automountServiceAccountToken === false ? undefined : "gets its account's token unasked",
  ),
  podRule("default-service-account", ({ spec }) =>
    ["", "default"].includes(spec.serviceAccountName ?? "")
      ? "runs under the namespace's default account"
      : undefined,
  ),
  podRule("deprecated-service-account-field", ({ spec }) =>
    spec.serviceAccount === undefined
      ? undefined
      : "names its account by serviceAccount, the old field",
  ),
  podRule("non-existent-service-account", ({ spec }, { metadata }, all) => {
    const { serviceAccountName = "default" } = spec;
    const made = ofKind(all, "ServiceAccount").some(
      (each) =>
        each.metadata.name === serviceAccountName && each.metadata.namespace === metadata.namespace,
    );
    return made || serviceAccountName === "default"
      ? undefined
      : `runs under ${serviceAccountName}, an account that nothing makes`;
  }),
  podRule("dnsconfig-options", ({ spec }) =>
    spec.dnsConfig?.options?.some(({ name, value }) => name === "ndots" && value === "2")
      ? undefined
      : "looks up names without ndots 2",
  ),
  podRule("no-node-affinity", ({ spec }) =>
    spec.affinity?.nodeAffinity === undefined ? "prefers no nodes" : undefined,
  ),
  podRule("no-anti-affinity", ({ spec, labels }, object) => {
    const { replicas = 1 } = (object as { spec?: { replicas?: number } }).spec ?? {};
    const { podAntiAffinity } = spec.affinity ?? {};
    const terms = [
      ...(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
        ({ podAffinityTerm }) => podAffinityTerm,
      ),
    ];
    const apart = terms.some(
      ({ topologyKey, labelSelector }) =>
        topologyKey === "kubernetes.io/hostname" && selects(labelSelector ?? {}, labels),
    );
    return replicas < 2 || apart ? undefined : `its ${replicas} pods may share a host`;
  }),
  podRule("priority-class-name", ({ spec: { priorityClassName = "" } }) =>
    priorityClassName === "" || priorities.includes(priorityClassName)
      ? undefined
      : `has the priority ${priorityClassName}, which a cluster need not have`,
  ),
  podRule("restart-policy", ({ spec: { restartPolicy } }) =>
    ["Always", "OnFailure"].includes(restartPolicy ?? "")
      ? undefined
      : `its containers are started again ${restartPolicy ?? "as nothing says"}`,
  ),
  podRule("init-container-security-gap", ({ spec }) =>
    (spec.securityContext?.runAsNonRoot === true ? (spec.initContainers ?? []) : [])
      .filter(({ securityContext }) => securityContext?.runAsNonRoot !== true)
      .map(({ name }) => `container ${name}, which comes first, does not say that it is nobody`),
  ),
  podRule("projected-token-long-expiration", ({ spec }) =>
    (spec.volumes ?? [])
      .filter(({ projected }) =>
        projected?.sources?.some(
          ({ serviceAccountToken }) => (serviceAccountToken?.expirationSeconds ?? 0) > dayS,
        ),
      )
      .map(({ name }) => `the token in volume ${name} is good for more than a day`),
  ),
  podRule("required-annotation-email", (_, { metadata }) =>
    /[\w.+-]+@[\w-]+\.[\w.-]+/.test(metadata.annotations?.email ?? "")
      ? undefined
      : "no annotation says whom to write to",
  ),
  podRule("required-label-owner", (_, { metadata }) =>
    metadata.labels?.owner === undefined ? "no label says whose it is" : undefined,
  ),
];
