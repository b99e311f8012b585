import type { ApiKeys } from "./constructs/api-keys.ts";
import type { HopTls } from "./constructs/hop-tls.ts";
import type { SecretStore } from "./constructs/secret-store.ts";

/** What every chart lets one say at synth. */
export interface ClusterProps {
  /**
   * Where our images come from, `host[:port][/path]`.
   * @default no registry in the images' names
   */
  readonly registry?: string;

  /**
   * Who makes the Secrets: a Job, the user before anything else is applied, or External Secrets from a store.
   * @default "bootstrap"
   */
  readonly secrets?: "bootstrap" | "external" | "external-secrets";

  /**
   * The store that External Secrets reads.
   * @default the ClusterSecretStore `pipeline`
   */
  readonly secretStore?: SecretStore;

  /**
   * By what consumers scale: their CPU where a chart says so, or what waits for them, which takes KEDA.
   * @default "cpu"
   */
  readonly scaling?: "cpu" | "lag";

  /**
   * By what clients come in: an Ingress, or a Gateway, which takes a controller of Gateway API.
   * @default "ingress"
   */
  readonly wayIn?: "ingress" | "gateway";

  /**
   * The Ingress class that serves the way in.
   * @default the cluster's default class
   */
  readonly ingressClassName?: string;

  /**
   * The GatewayClass that serves the way in, where that is a Gateway.
   * @default "traefik"
   */
  readonly gatewayClassName?: string;

  /**
   * The Secret of the Gateway's certificate, of the type `kubernetes.io/tls`.
   * @default none: the Gateway serves in the clear
   */
  readonly gatewayTlsSecret?: string;

  /**
   * The host name that gRPC calls through the Gateway carry, another one than `host`.
   * @default "grpc." before `host`, or before "localhost"
   */
  readonly gatewayGrpcHost?: string;

  /**
   * The host name that requests carry.
   * @default any
   */
  readonly host?: string;

  /**
   * The keys that clients must have.
   * @default everybody may send events
   */
  readonly apiKeys?: ApiKeys;

  /**
   * Mutual TLS between stations.
   * @default hops go in clear text
   */
  readonly hopTls?: HopTls;
}
