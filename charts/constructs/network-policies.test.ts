import { expect, test } from "bun:test";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { allFaults, synth } from "../testing/synth.ts";
import { apiServer, NetworkPolicies, type NetworkPoliciesProps } from "./network-policies.ts";

const api = { app: "api" };
const kafka = { app: "kafka" };

function policiesWith(props: NetworkPoliciesProps): readonly Manifest[] {
  return synth((chart) => new NetworkPolicies(chart, "policies", props));
}

const spec = (manifests: readonly Manifest[], name: string) =>
  at(manifestOf(manifests, "NetworkPolicy", name), "spec");

test("nobody may connect to or from a pod, but everybody may ask for names", () => {
  const manifests = policiesWith({ edges: [] });
  expect(allFaults(manifests)).toEqual([]);
  expect(spec(manifests, "default-deny")).toEqual({
    podSelector: {},
    policyTypes: ["Ingress", "Egress"],
  });
  expect(spec(manifests, "allow-dns")).toEqual({
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: [
          { port: 53, protocol: "UDP" },
          { port: 53, protocol: "TCP" },
        ],
      },
    ],
  });
});

test("an edge lets one end out and the other in, and nothing else", () => {
  const manifests = policiesWith({ edges: [{ from: api, to: kafka, ports: [9_092] }] });
  expect(allFaults(manifests)).toEqual([]);
  const ports = [{ port: 9_092, protocol: "TCP" }];
  expect(spec(manifests, "allow-api")).toEqual({
    podSelector: { matchLabels: api },
    policyTypes: ["Egress"],
    egress: [{ to: [{ podSelector: { matchLabels: kafka } }], ports }],
  });
  expect(spec(manifests, "allow-kafka")).toEqual({
    podSelector: { matchLabels: kafka },
    policyTypes: ["Ingress"],
    ingress: [{ from: [{ podSelector: { matchLabels: api } }], ports }],
  });
});

test("pods of one workload may connect to each other", () => {
  const manifests = policiesWith({ edges: [{ from: kafka, to: kafka, ports: [9_093, 9_094] }] });
  expect(at(spec(manifests, "allow-kafka"), "policyTypes")).toEqual(["Ingress", "Egress"]);
});

test("edges lead in from another namespace, and out to addresses", () => {
  const manifests = policiesWith({
    dns: [{ cidr: "169.254.20.10/32" }],
    edges: [
      { from: { namespace: "ingress" }, to: api, ports: [8_000] },
      { from: api, ...apiServer },
    ],
  });
  expect(allFaults(manifests)).toEqual([]);
  expect(at(spec(manifests, "allow-api"), "ingress.0.from.0")).toEqual({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress" } },
  });
  expect(at(spec(manifests, "allow-api"), "egress.0.to.0")).toEqual({
    ipBlock: { cidr: "0.0.0.0/0" },
  });
  expect(at(spec(manifests, "allow-dns"), "egress.0.to")).toEqual([
    { ipBlock: { cidr: "169.254.20.10/32" } },
  ]);
});

test("an edge without a workload, or without ports, is refused", () => {
  for (const edge of [
    { from: { cidr: "0.0.0.0/0" }, to: { namespace: "ingress" }, ports: [80] },
    { from: api, to: kafka, ports: [] },
  ]) {
    expect(() => policiesWith({ edges: [edge] })).toThrow(
      `Cannot allow a connection: it needs a workload of this namespace at one end, and ports: current value is ${JSON.stringify(edge)}`,
    );
  }
});
