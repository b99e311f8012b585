import {
  absent,
  ConfigError,
  type ConfigOf,
  integer,
  oneOf,
  optional,
  readConfig,
  text,
} from "../lib/config.ts";
import type { CloudRunProps, PrivateWaysProps } from "./cloud-run.ts";
import type { ClusterProps } from "./cluster-props.ts";
import { type GitSource, unknownRepository } from "./constructs/git-source.ts";
import type { HopIssuer } from "./constructs/hop-tls.ts";

const spec = {
  REGISTRY: absent(text),
  SECRETS: absent(oneOf(["bootstrap", "external", "external-secrets"] as const)),
  SECRET_STORE: absent(text),
  SECRET_STORE_SCOPE: absent(oneOf(["cluster", "namespace"] as const)),
  SECRET_PREFIX: absent(text),
  SCALING: absent(oneOf(["cpu", "lag"] as const)),
  WAY_IN: absent(oneOf(["ingress", "gateway"] as const)),
  GATEWAY_CLASS: absent(text),
  GATEWAY_TLS_SECRET: absent(text),
  GATEWAY_GRPC_HOST: absent(text),
  INGRESS_CLASS: absent(text),
  INGRESS_HOST: absent(text),
  API_KEYS_SECRET: absent(text),
  CLIENT_RATE: absent(integer(0, 1_000_000)),
  HOP_TLS_SECRET: absent(text),
  HOP_TLS_ISSUER: absent(hopIssuer),
};

const gitOpsSpec = {
  GITOPS_REPOSITORY: optional(text, unknownRepository),
  GITOPS_REVISION: optional(text, "main"),
  GITOPS_FOLDER: optional(text, "dist"),
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
  const config = readConfig(spec, env);
  const { REGISTRY, SECRETS, SCALING, INGRESS_CLASS, INGRESS_HOST } = config;
  return {
    ...(REGISTRY === undefined ? {} : { registry: REGISTRY }),
    ...(SECRETS === undefined ? {} : { secrets: SECRETS }),
    ...secretStoreIn(config),
    ...(SCALING === undefined ? {} : { scaling: SCALING }),
    ...gatewayIn(config),
    ...(INGRESS_CLASS === undefined ? {} : { ingressClassName: INGRESS_CLASS }),
    ...(INGRESS_HOST === undefined ? {} : { host: INGRESS_HOST }),
    ...apiKeysIn(config),
    ...hopTlsIn(config),
  };
}

function secretStoreIn(config: ConfigOf<typeof spec>): Pick<ClusterProps, "secretStore"> {
  const { SECRET_STORE: name, SECRET_STORE_SCOPE: scope, SECRET_PREFIX: prefix } = config;
  if (name === undefined && scope === undefined && prefix === undefined) return {};
  return {
    secretStore: {
      ...(name === undefined ? {} : { name }),
      ...(scope === "namespace" ? { kind: "SecretStore" } : {}),
      ...(prefix === undefined ? {} : { prefix }),
    },
  };
}

function gatewayIn({
  WAY_IN: wayIn,
  GATEWAY_CLASS: gatewayClassName,
  GATEWAY_TLS_SECRET: gatewayTlsSecret,
  GATEWAY_GRPC_HOST: gatewayGrpcHost,
}: ConfigOf<typeof spec>): Pick<
  ClusterProps,
  "wayIn" | "gatewayClassName" | "gatewayTlsSecret" | "gatewayGrpcHost"
> {
  return {
    ...(wayIn === undefined ? {} : { wayIn }),
    ...(gatewayClassName === undefined ? {} : { gatewayClassName }),
    ...(gatewayTlsSecret === undefined ? {} : { gatewayTlsSecret }),
    ...(gatewayGrpcHost === undefined ? {} : { gatewayGrpcHost }),
  };
}

function hopTlsIn({
  HOP_TLS_SECRET: secret,
  HOP_TLS_ISSUER: issuer,
}: ConfigOf<typeof spec>): Pick<ClusterProps, "hopTls"> {
  if (secret === undefined && issuer === undefined) return {};
  return {
    hopTls: {
      ...(secret === undefined ? {} : { secret }),
      ...(issuer === undefined ? {} : { issuer }),
    },
  };
}

/** An issuer's name, after its kind and a slash where that is no `ClusterIssuer`. */
function hopIssuer(raw: string): HopIssuer {
  const [name, kind = "ClusterIssuer", ...more] = raw.split("/").toReversed();
  if (!name || more.length > 0 || (kind !== "ClusterIssuer" && kind !== "Issuer")) {
    throw new Error("must be a ClusterIssuer's name, or Issuer/name");
  }
  return { name, kind };
}

function apiKeysIn({
  API_KEYS_SECRET: secret,
  CLIENT_RATE: clientRate,
}: ConfigOf<typeof spec>): Pick<ClusterProps, "apiKeys"> {
  if (secret !== undefined) {
    return { apiKeys: { secret, ...(clientRate === undefined ? {} : { clientRate }) } };
  }
  if (clientRate === undefined) return {};
  throw new ConfigError([
    `CLIENT_RATE is of no use without API_KEYS_SECRET: current value is "${clientRate}"`,
  ]);
}

/**
 * What the environment says of the repository that clusters take manifests from.
 *
 * @throws ConfigError naming every fault.
 */
export function readGitSource(env: Readonly<Record<string, string | undefined>>): GitSource {
  const config = readConfig(gitOpsSpec, env);
  const { GITOPS_REPOSITORY, GITOPS_REVISION, GITOPS_FOLDER } = config;
  return { repository: GITOPS_REPOSITORY, revision: GITOPS_REVISION, folder: GITOPS_FOLDER };
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
