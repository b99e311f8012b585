import type { spec } from "../../services/relay/config.ts";
import type { ClusterProps } from "../cluster-props.ts";
import type { BunServiceProps, SecretFiles } from "./bun-service-props.ts";

/** A cert-manager issuer that signs certificates of the hops. */
export interface HopIssuer {
  /** Its name. */
  readonly name: string;

  /**
   * Whether it is the cluster's or the namespace's own.
   * @default "ClusterIssuer"
   */
  readonly kind?: "ClusterIssuer" | "Issuer";
}

/** Mutual TLS between the stations of a pipeline. */
export interface HopTls {
  /**
   * The Secret that all relays have, of the type `kubernetes.io/tls`, with the authority as `ca.crt`.
   * @default "hop-tls"
   */
  readonly secret?: string;

  /**
   * The issuer by which cert-manager makes the Secret and renews it.
   * @default the user makes the Secret
   */
  readonly issuer?: HopIssuer;
}

/** The Secret's name. */
export function secretOf({ secret = "hop-tls" }: HopTls): string {
  return secret;
}

/** Where pods find the files. */
const folder = "/etc/tweet-pipeline/hop-tls";

/** What a relay needs to go by mutual TLS. */
export function filesOfHops(hopTls: HopTls): {
  readonly env: Partial<BunServiceProps<typeof spec>["env"]>;
  readonly files: SecretFiles;
} {
  return {
    env: {
      HOP_CERT_FILE: `${folder}/tls.crt`,
      HOP_KEY_FILE: `${folder}/tls.key`,
      HOP_CA_FILE: `${folder}/ca.crt`,
    },
    files: { secret: secretOf(hopTls), folder, keys: ["tls.crt", "tls.key", "ca.crt"] },
  };
}

/** Whether clients may come to doors that other stations hand on to, besides those that are theirs. */
export function letsClientsInside({ apiKeys, hopTls }: ClusterProps): boolean {
  return apiKeys === undefined && hopTls === undefined;
}
