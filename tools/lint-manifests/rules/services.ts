import type { IIngressBackend } from "kubernetes-models/networking.k8s.io/v1/IngressBackend";
import type { IIngressSpec } from "kubernetes-models/networking.k8s.io/v1/IngressSpec";
import type { IServiceSpec } from "kubernetes-models/v1/ServiceSpec";
import { ofKind } from "../objects.ts";
import { kindRule, type Rule } from "./rule.ts";
import { selectsPods } from "./selector.ts";

type Service = { readonly spec: IServiceSpec };

/** Ways to pods, and whether they lead anywhere. */
export const serviceRules: readonly Rule[] = [
  kindRule<Service>("dangling-service", ["Service"], (service, all) => {
    const { type, selector = {} } = service.spec;
    if (type === "ExternalName") return undefined;
    if (Object.keys(selector).length === 0) return "chooses no pods";
    return selectsPods({ matchLabels: selector }, service, all)
      ? undefined
      : `leads to no pods: ${JSON.stringify(selector)}`;
  }),
  kindRule<{ readonly spec: IIngressSpec }>("dangling-ingress", ["Ingress"], (ingress, all) =>
    backendsOf(ingress.spec)
      .filter(({ service: wanted }) => {
        const services = ofKind<Service>(all, "Service").filter(
          ({ metadata }) =>
            metadata.name === wanted?.name && metadata.namespace === ingress.metadata.namespace,
        );
        const { number, name } = wanted?.port ?? {};
        return !services.some(({ spec }) =>
          spec.ports?.some((each) =>
            name === undefined ? each.port === number : each.name === name,
          ),
        );
      })
      .map(({ service }) => `leads to Service ${service?.name}, which has no such port`),
  ),
  kindRule<Service>("exposed-services", ["Service"], ({ spec: { type = "ClusterIP" } }) =>
    ["LoadBalancer", "NodePort"].includes(type) ? `is open to the outside: ${type}` : undefined,
  ),
  kindRule<Service>("externalname-service-redirect", ["Service"], ({ spec }) =>
    spec.type === "ExternalName" ? `leads out of the cluster, to ${spec.externalName}` : undefined,
  ),
];

/** The backends that are Services. */
function backendsOf({ defaultBackend, rules = [] }: IIngressSpec): readonly IIngressBackend[] {
  const paths = rules.flatMap(({ http }) => http?.paths ?? []).map(({ backend }) => backend);
  return [...(defaultBackend === undefined ? [] : [defaultBackend]), ...paths].filter(
    ({ service }) => service !== undefined,
  );
}
