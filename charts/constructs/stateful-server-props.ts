import type { SecretPlan } from "../../services/secrets/config.ts";
import type { FrontPort } from "./front.ts";
import type { Resources } from "./resources.ts";
import type { ServerEnv, ServerFiles, ServerProbes } from "./server-pod.ts";
import type { ServerProps } from "./server-props.ts";

/** A Service that clients of a server use. */
export interface ServerFront {
  /** The Service's name. */
  readonly name: string;

  /** The ports that it shows. */
  readonly ports: readonly FrontPort[];

  /**
   * The one pod that it leads to, by its number.
   * @default every pod
   */
  readonly pod?: number;
}

/** A program beside the server in each of its pods, of the same image, with the same volumes. */
export interface Sidecar {
  /** The container's name. */
  readonly name: string;

  /** The command in place of the image's own. */
  readonly command: readonly string[];

  /** Its environment. */
  readonly env: ServerEnv;

  /** Its ports, which the headless Service shows too. */
  readonly ports: readonly FrontPort[];

  /** Its probes. */
  readonly probes: ServerProbes;

  /** What it gets in each pod. */
  readonly resources: Resources;
}

/** What a `StatefulServer` is made of: what a chart says of it, and what its kind of server needs. */
export interface StatefulServerProps extends ServerProps {
  /** What kind of part it is, for people: `broker` or `store`. */
  readonly component: string;

  /** The image that is used where the chart names none. */
  readonly defaultImage: string;

  /** The number of the user and the group that the image's program runs as. */
  readonly user: number;

  /**
   * How many pods run.
   * @default 1
   */
  readonly replicas?: number;

  /** The headless Service by which the pods have names of their own. */
  readonly nodesService: string;

  /** The ports of the container. */
  readonly ports: readonly FrontPort[];

  /** The Services of its clients. */
  readonly fronts: readonly ServerFront[];

  /** Its environment. */
  readonly env: ServerEnv;

  /**
   * The command in place of the image's own.
   * @default the image's
   */
  readonly command?: readonly string[];

  /**
   * Files of its configuration.
   * @default none
   */
  readonly files?: ServerFiles;

  /** Where the volume of its data is. */
  readonly dataPath: string;

  /** Folders that it writes to and that may be lost with the pod; its root file system is read-only. */
  readonly scratchPaths: readonly string[];

  /** Its probes. */
  readonly probes: ServerProbes;

  /** What a pod gets where the chart says nothing. */
  readonly defaultResources: Resources;

  /**
   * How long it may take to end.
   * @default 30
   */
  readonly terminationGraceS?: number;

  /**
   * How long a pod must have been ready before a rollout takes the next one.
   * @default 0
   */
  readonly minReadyS?: number;

  /**
   * A program beside it.
   * @default none
   */
  readonly sidecar?: Sidecar | undefined;

  /** The Secret that its pods wait for. */
  readonly secret: SecretPlan;
}
