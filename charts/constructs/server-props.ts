import type { Resources } from "./resources.ts";

/** What every server of ours, broker or store, lets a chart say. */
export interface ServerProps {
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
   * The image, with a tag that names a version.
   * @default the version that everything here is tested with
   */
  readonly image?: string;

  /**
   * When a node fetches the image; `Always` is refused, since what a tag stands for may change.
   * @default "IfNotPresent"
   */
  readonly imagePullPolicy?: "IfNotPresent" | "Never" | "Always";

  /**
   * The volume of each pod, in MiB.
   * @default 1,024
   */
  readonly storageMiB?: number;

  /**
   * The storage class of the volumes.
   * @default the cluster's default class
   */
  readonly storageClassName?: string;

  /**
   * What each pod asks for and may take, all of it: what is left out here has no default, but for the disk.
   * @default enough for a laptop's cluster
   */
  readonly resources?: Resources;

  /**
   * The domain of the cluster's names.
   * @default "cluster.local"
   */
  readonly clusterDomain?: string;
}
