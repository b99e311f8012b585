/** Where External Secrets reads passwords from. */
export interface SecretStore {
  /**
   * The store's name.
   * @default "pipeline"
   */
  readonly name?: string;

  /**
   * Whether the store is the namespace's own or the cluster's.
   * @default "ClusterSecretStore"
   */
  readonly kind?: "SecretStore" | "ClusterSecretStore";

  /**
   * What the names of its entries begin with; the Secret's name follows.
   * @default the namespace and `-`
   */
  readonly prefix?: string;
}
