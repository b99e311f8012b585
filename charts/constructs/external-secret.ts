import { ApiObject, Chart } from "cdk8s";
import { Construct } from "constructs";
import { places, type SecretPlan } from "../../services/secrets/config.ts";
import type { SecretStore } from "./secret-store.ts";

/** What `ExternalSecrets` are made of. */
export interface ExternalSecretsProps {
  /** The Secrets that pods of the namespace wait for. */
  readonly secrets: readonly SecretPlan[];

  /** What they are a part of. */
  readonly partOf: string;

  /**
   * The store.
   * @default the ClusterSecretStore `pipeline`
   */
  readonly store?: SecretStore | undefined;
}

/** External Secrets' `ExternalSecret`, as far as it is written here. */
interface ExternalSecretSpec {
  readonly secretStoreRef: {
    readonly name: string;
    readonly kind: "SecretStore" | "ClusterSecretStore";
  };
  readonly refreshPolicy: "CreatedOnce" | "Periodic" | "OnChange";
  readonly target: {
    readonly name: string;
    readonly creationPolicy: "Owner" | "Orphan";
    readonly deletionPolicy: "Retain" | "Delete";
    readonly template: {
      readonly engineVersion: "v2";
      readonly mergePolicy: "Merge" | "Replace";
      readonly data: Readonly<Record<string, string>>;
    };
  };
  readonly data: readonly {
    readonly secretKey: string;
    readonly remoteRef: { readonly key: string; readonly property: string };
  }[];
}

/**
 * An `ExternalSecret` of External Secrets for every Secret that pods wait for. The store holds what is random, one entry a Secret
 * with a property for each password; addresses and files with a password in them are made of it on the cluster, as the Job
 * of `SecretsBootstrap` does, so that no place but one knows their form.
 *
 * Each is read once: servers keep the password of their first start with their data, so that a Secret that followed the store
 * would lock its users out. To change one, change it in the server and the store, and delete the Secret.
 */
export class ExternalSecrets extends Construct {
  constructor(scope: Construct, id: string, props: ExternalSecretsProps) {
    super(scope, id);
    const { namespace } = Chart.of(this);
    const { name = "pipeline", kind = "ClusterSecretStore", prefix } = props.store ?? {};
    const before = prefix ?? (namespace === undefined ? "" : `${namespace}-`);
    for (const secret of props.secrets) {
      new ApiObject(this, secret.name, {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: { name: secret.name, labels: { "app.kubernetes.io/part-of": props.partOf } },
        spec: specOf(secret, { name, kind }, `${before}${secret.name}`),
      });
    }
  }
}

function specOf(
  { name, random, derived }: SecretPlan,
  secretStoreRef: ExternalSecretSpec["secretStoreRef"],
  entry: string,
): ExternalSecretSpec {
  const templates = Object.entries(derived).map(([key, text]) => [key, templateOf(text)] as const);
  return {
    secretStoreRef,
    refreshPolicy: "CreatedOnce",
    target: {
      name,
      creationPolicy: "Owner",
      // A store that cannot be read, or forgot an entry, takes no password away from who runs.
      deletionPolicy: "Retain",
      template: { engineVersion: "v2", mergePolicy: "Merge", data: Object.fromEntries(templates) },
    },
    data: random.map((key) => ({
      secretKey: key,
      remoteRef: { key: entry, property: key },
    })),
  };
}

/** The text as a template of Go, in which our places of random values are theirs. */
function templateOf(text: string): string {
  return text.replaceAll(places, (_, key: string) => `{{ index . ${JSON.stringify(key)} }}`);
}
