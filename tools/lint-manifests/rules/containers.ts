import type { IContainer } from "kubernetes-models/v1/Container";
import type { Pods } from "../objects.ts";
import { containerRule, type Rule } from "./rule.ts";

type Resource = "cpu" | "memory" | "ephemeral-storage";

/** What containers may do, take and run. */
export const containerRules: readonly Rule[] = [
  containerRule("drop-net-raw-capability", ({ securityContext }) => {
    const { drop = [], add = [] } = securityContext?.capabilities ?? {};
    if (add.some((each) => isCapability(each, "NET_RAW"))) return "may make packets of any kind";
    return drop.some((each) => isCapability(each, "NET_RAW"))
      ? undefined
      : "does not give up NET_RAW";
  }),
  containerRule("privileged-container", ({ securityContext }) =>
    securityContext?.privileged ? "may do all that its host may" : undefined,
  ),
  containerRule("privilege-escalation-container", ({ securityContext }) => {
    const { allowPrivilegeEscalation, privileged, capabilities } = securityContext ?? {};
    const admin = capabilities?.add?.some((each) => isCapability(each, "SYS_ADMIN")) ?? false;
    return allowPrivilegeEscalation || privileged || admin
      ? "may come to more rights than it was started with"
      : undefined;
  }),
  containerRule("no-read-only-root-fs", ({ securityContext }) =>
    securityContext?.readOnlyRootFilesystem ? undefined : "may write to its image's files",
  ),
  containerRule("run-as-non-root", (container, pods) => {
    const { runAsNonRoot = false, runAsUser, runAsGroup } = identity(container, pods);
    if (runAsUser && runAsGroup) return undefined;
    const rootUser = runAsUser === 0 || (runAsUser === undefined && !runAsNonRoot);
    return [
      ...(rootUser ? ["may run as root"] : []),
      ...(runAsGroup ? [] : ["may run in root's group"]),
    ];
  }),
  containerRule("unsafe-proc-mount", ({ securityContext }) =>
    securityContext?.procMount === "Unmasked" ? "sees all of /proc" : undefined,
  ),
  containerRule("latest-tag", ({ image = "" }) => {
    const tag = /:(?<tag>[\w.-]+)$/.exec(withoutDigest(image))?.groups?.tag;
    const moves = tag === "latest" || (tag === undefined && !image.includes("@"));
    return moves ? `runs ${image}, which is another image tomorrow` : undefined;
  }),
  containerRule("image-not-pinned-by-digest", ({ image = "" }) =>
    image.includes("@sha256:") ? undefined : `names ${image} by a tag, which may be moved`,
  ),
  unset("unset-cpu-requirements", "cpu"),
  unset("unset-memory-requirements", "memory"),
  unset("unset-ephemeral-storage-requirements", "ephemeral-storage"),
];

function unset(check: string, resource: Resource): Rule {
  return containerRule(check, ({ resources = {} }) =>
    (["requests", "limits"] as const)
      .filter((each) => isNone(resources[each]?.[resource]))
      .map((each) => `has no ${resource} among its ${each}`),
  );
}

function isNone(quantity: string | number | undefined): boolean {
  return quantity === undefined || Number.parseFloat(String(quantity)) === 0;
}

function isCapability(name: string, wanted: string): boolean {
  return [wanted, `CAP_${wanted}`, "ALL", "all"].includes(name);
}

function withoutDigest(image: string): string {
  return image.split("@")[0] ?? image;
}

/** What a container says of its user goes before what its pod says. */
function identity({ securityContext: own }: IContainer, { spec: { securityContext: pod } }: Pods) {
  return {
    runAsNonRoot: own?.runAsNonRoot ?? pod?.runAsNonRoot,
    runAsUser: own?.runAsUser ?? pod?.runAsUser,
    runAsGroup: own?.runAsGroup ?? pod?.runAsGroup,
  };
}
