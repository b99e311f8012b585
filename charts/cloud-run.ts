import { Chart } from "cdk8s";
import type { Construct } from "constructs";
import { votaciones } from "../pipelines/votaciones.ts";
import { CloudRunBoard, type PrivateNetwork } from "./constructs/cloud-run-board.ts";
import { PrivateWay } from "./constructs/private-way.ts";

/** What a `CloudRunChart` is made of. */
export interface CloudRunProps extends PrivateNetwork {
  /**
   * Where our images come from, `host[:port][/path]`.
   * @default no registry in the image's name
   */
  readonly registry?: string;

  /**
   * The service account of its instances.
   * @default the project's own for Compute Engine
   */
  readonly account?: string;
}

/** The board of `votaciones` on Cloud Run; one object, since `gcloud run services replace` takes one. */
export class CloudRunChart extends Chart {
  constructor(scope: Construct, id: string, props: CloudRunProps = {}) {
    super(scope, id, { disableResourceNameHashes: true });
    new CloudRunBoard(this, "board", { pipeline: votaciones, ...props });
  }
}

/** What a `PrivateWaysChart` is made of. */
export interface PrivateWaysProps {
  /**
   * The addresses that Cloud Run's instances may have: the range of their subnet.
   * @default "10.128.0.0/9", all subnets that GKE's default network makes by itself
   */
  readonly cidr?: string;
}

/** Beside the chart `votaciones` on GKE: the ways by which Cloud Run's instances reach its stores, and nobody else. */
export class PrivateWaysChart extends Chart {
  constructor(scope: Construct, id: string, { cidr = "10.128.0.0/9" }: PrivateWaysProps = {}) {
    super(scope, id, { namespace: "kafka", disableResourceNameHashes: true });
    new PrivateWay(this, "redis", { app: "redis-db", port: 6_379, cidr });
    new PrivateWay(this, "mongo", { app: "mongo-db", port: 27_017, cidr });
  }
}
