import type { INetworkPolicySpec } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicySpec";
import { ofKind } from "../objects.ts";
import { kindRule, podRule, type Rule } from "./rule.ts";
import { type Selector, selects, selectsPods } from "./selector.ts";

type Policy = { readonly spec: INetworkPolicySpec };

/** What the network's policies hold on to. */
export const networkRules: readonly Rule[] = [
  podRule("non-isolated-pod", ({ labels }, { metadata }, all) =>
    ofKind<Policy>(all, "NetworkPolicy").some(
      (each) =>
        each.metadata.namespace === metadata.namespace &&
        selects((each.spec.podSelector ?? {}) as Selector, labels),
    )
      ? undefined
      : "no policy says who may reach its pods",
  ),
  kindRule<Policy>("dangling-networkpolicy", ["NetworkPolicy"], (policy, all) =>
    selectsPods((policy.spec.podSelector ?? {}) as Selector, policy, all)
      ? undefined
      : `is about no pods: ${JSON.stringify(policy.spec.podSelector)}`,
  ),
  kindRule<Policy>("dangling-networkpolicypeer-podselector", ["NetworkPolicy"], (policy, all) =>
    peersOf(policy)
      .filter((selector) => !selectsPods(selector, policy, all))
      .map((selector) => `names a peer that no pod is: ${JSON.stringify(selector)}`),
  ),
];

/** The peers that are pods of the policy's own namespace. */
function peersOf({ spec: { ingress = [], egress = [] } }: Policy): readonly Selector[] {
  const peers = [
    ...ingress.flatMap(({ from = [] }) => from),
    ...egress.flatMap(({ to = [] }) => to),
  ];
  return peers.flatMap(({ podSelector, namespaceSelector }) =>
    podSelector === undefined || namespaceSelector !== undefined ? [] : [podSelector as Selector],
  );
}
