/** What every chart lets one say at synth. */
export interface ClusterProps {
  /**
   * Where our images come from, `host[:port][/path]`.
   * @default no registry in the images' names
   */
  readonly registry?: string;

  /**
   * Who makes the Secrets: a Job, or the user before anything else is applied.
   * @default "bootstrap"
   */
  readonly secrets?: "bootstrap" | "external";

  /**
   * The Ingress class that serves the way in.
   * @default the cluster's default class
   */
  readonly ingressClassName?: string;

  /**
   * The host name that requests carry.
   * @default any
   */
  readonly host?: string;
}
