import { absent, oneOf, readConfig, text } from "../lib/config.ts";
import type { CloudRunProps, PrivateWaysProps } from "./cloud-run.ts";
import type { ClusterProps } from "./cluster-props.ts";

const spec = {
  REGISTRY: absent(text),
  SECRETS: absent(oneOf(["bootstrap", "external"] as const)),
  INGRESS_CLASS: absent(text),
  INGRESS_HOST: absent(text),
};

const cloudRunSpec = {
  REGISTRY: absent(text),
  CLOUD_RUN_NETWORK: absent(text),
  CLOUD_RUN_SUBNETWORK: absent(text),
  CLOUD_RUN_RANGE: absent(text),
  CLOUD_RUN_ACCOUNT: absent(text),
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

/**
 * What the environment says of Cloud Run and its private network.
 *
 * @throws ConfigError naming every fault.
 */
export function readCloudRun(
  env: Readonly<Record<string, string | undefined>>,
): CloudRunProps & PrivateWaysProps {
  const { REGISTRY, ...cloudRun } = readConfig(cloudRunSpec, env);
  const { CLOUD_RUN_NETWORK, CLOUD_RUN_SUBNETWORK, CLOUD_RUN_RANGE, CLOUD_RUN_ACCOUNT } = cloudRun;
  return {
    ...(REGISTRY === undefined ? {} : { registry: REGISTRY }),
    ...(CLOUD_RUN_ACCOUNT === undefined ? {} : { account: CLOUD_RUN_ACCOUNT }),
    ...(CLOUD_RUN_NETWORK === undefined ? {} : { network: CLOUD_RUN_NETWORK }),
    ...(CLOUD_RUN_SUBNETWORK === undefined ? {} : { subnetwork: CLOUD_RUN_SUBNETWORK }),
    ...(CLOUD_RUN_RANGE === undefined ? {} : { cidr: CLOUD_RUN_RANGE }),
  };
}
