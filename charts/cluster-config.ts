import { absent, oneOf, readConfig, text } from "../lib/config.ts";
import type { ClusterProps } from "./cluster-props.ts";

const spec = {
  REGISTRY: absent(text),
  SECRETS: absent(oneOf(["bootstrap", "external"] as const)),
  INGRESS_CLASS: absent(text),
  INGRESS_HOST: absent(text),
};

/**
 * What the environment says of the cluster that all charts are made for.
 *
 * @throws ConfigError naming every fault.
 */
export function readCluster(env: Readonly<Record<string, string | undefined>>): ClusterProps {
  const { REGISTRY, SECRETS, INGRESS_CLASS, INGRESS_HOST } = readConfig(spec, env);
  return {
    ...(REGISTRY === undefined ? {} : { registry: REGISTRY }),
    ...(SECRETS === undefined ? {} : { secrets: SECRETS }),
    ...(INGRESS_CLASS === undefined ? {} : { ingressClassName: INGRESS_CLASS }),
    ...(INGRESS_HOST === undefined ? {} : { host: INGRESS_HOST }),
  };
}
