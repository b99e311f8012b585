import type { Autoscale } from "./autoscaler.ts";
import type { FrontProps } from "./front.ts";
import type { Resources } from "./resources.ts";
import type { ServiceEnv, ServiceSpec } from "./service-env.ts";

/** A GET that tells how a container is; 200 to 399 means well. */
export interface ProbePath {
  /** The path to ask. */
  readonly path: string;

  /** The port of the container. */
  readonly port: number;
}

/** Keys of a Secret as files. */
export interface SecretFiles {
  /** The Secret's name; pods wait for it. */
  readonly secret: string;

  /** The folder that they are in, alone: the kubelet keeps a folder up to date, a single file (`subPath`) never. */
  readonly folder: string;

  /** The Secret's keys, each a file of its name. */
  readonly keys: readonly string[];
}

/** How many pods of a workload run, and what each may take. */
export interface Scale {
  /**
   * How many pods run.
   * @default 1, or what the autoscaler says
   */
  readonly replicas?: number;

  /**
   * The autoscaler, instead of a fixed number.
   * @default none
   */
  readonly autoscale?: Autoscale;

  /**
   * The most pods to which somebody else scales it, who then says how many run.
   * @default nobody else does
   */
  readonly scaledTo?: number;

  /**
   * What a container asks for and may take, all of it: what is left out here has no default, but for the disk.
   * @default 100m and 128Mi requested, 500m and 512Mi at most
   */
  readonly resources?: Resources;
}

/** What a `BunService` is made of. */
export interface BunServiceProps<S extends ServiceSpec> extends Scale {
  /** The service: its folder under `services/`, which its image is named after. */
  readonly service: string;

  /** The service's configuration table. */
  readonly spec: S;

  /** The environment, typed by the table; checked against it at synth, too. */
  readonly env: ServiceEnv<NoInfer<S>>;

  /**
   * The workload's name, which its pods carry as `app`.
   * @default the construct's id
   */
  readonly name?: string;

  /**
   * What the workload is a part of.
   * @default nothing
   */
  readonly partOf?: string;

  /**
   * Where the image comes from, `host[:port][/path]`.
   * @default no registry in the image's name
   */
  readonly registry?: string;

  /**
   * The Services in front of it; the container shows the ports that they lead to, and its admin port.
   * @default none
   */
  readonly fronts?: readonly FrontProps[];

  /**
   * Secrets that the container finds as files, which follow their Secret while it runs.
   * @default none
   */
  readonly secretFiles?: readonly SecretFiles[];

  /**
   * What the probes ask, both of them.
   * @default `/ready` and `/live` on the admin port
   */
  readonly probe?: ProbePath;
}
