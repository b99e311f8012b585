import { ApiObject } from "cdk8s";
import { Construct } from "constructs";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { spec } from "../../services/board/config.ts";
import { imageOf } from "./image.ts";
import { readEnv, type ServiceEnv } from "./service-env.ts";

/** Where Cloud Run's instances enter a private network. */
export interface PrivateNetwork {
  /**
   * The VPC network.
   * @default "default"
   */
  readonly network?: string;

  /**
   * Its subnet in the region of the service, from which instances take their addresses.
   * @default "default"
   */
  readonly subnetwork?: string;
}

/** What a `CloudRunBoard` is made of. */
export interface CloudRunBoardProps extends PrivateNetwork {
  /** The pipeline that it shows. */
  readonly pipeline: AnyPipeline;

  /**
   * Where our images come from, `host[:port][/path]`; Cloud Run takes them from Artifact Registry.
   * @default no registry in the image's name
   */
  readonly registry?: string;

  /**
   * The service's name.
   * @default the pipeline's and `-board`
   */
  readonly name?: string;

  /**
   * The service account that its instances have, which must be able to read those Secrets:
   * `votaciones-board@<project>.iam.gserviceaccount.com`.
   * @default the project's own for Compute Engine
   */
  readonly account?: string;

  /**
   * How many instances there are at most.
   * @default 4
   */
  readonly instancesMax?: number;
}

/** Requests at a time of one instance: below the 100 streams that a board has, so that nobody is refused before another starts. */
const requestsMax = 80;

/** The longest that Cloud Run lets a request last, in seconds; a stream that it ends is opened again by the page. */
const streamS = 3_600;

const port = spec.PORT.fallback;
const alive = { httpGet: { path: "/api", port } };

/**
 * A pipeline's board on Cloud Run, by Knative's API: no instance while nobody looks, and stores behind addresses that
 * Secret Manager holds as `<name>-valkey-url` and `<name>-mongo-url`, which it reaches through the private network.
 * Brokers it has none: what only they know, it shows as away.
 *
 * `PORT` is not among its variables: Cloud Run sets it to the container's port.
 */
export class CloudRunBoard extends Construct {
  constructor(scope: Construct, id: string, props: CloudRunBoardProps) {
    super(scope, id);
    const { pipeline, registry = "", network = "default", subnetwork = "default" } = props;
    const { name = `${pipeline.name}-board`, instancesMax = 4 } = props;
    const env: ServiceEnv<typeof spec> = {
      PIPELINE: pipeline.name,
      VALKEY_SERVICE_URL: { secret: `${name}-valkey-url`, key: "latest" },
      ...(pipeline.log === undefined
        ? {}
        : { MONGO_URL: { secret: `${name}-mongo-url`, key: "latest" } }),
    };
    readEnv(name, spec, env);
    new ApiObject(this, "service", {
      apiVersion: "serving.knative.dev/v1",
      kind: "Service",
      metadata: {
        name,
        // Google's own form: neither dots nor slashes.
        labels: { "part-of": pipeline.name, component: "board" },
        annotations: { "run.googleapis.com/ingress": "all" },
      },
      spec: {
        template: {
          metadata: {
            annotations: {
              "autoscaling.knative.dev/minScale": "0",
              "autoscaling.knative.dev/maxScale": `${instancesMax}`,
              "run.googleapis.com/execution-environment": "gen2",
              "run.googleapis.com/network-interfaces": JSON.stringify([{ network, subnetwork }]),
              "run.googleapis.com/startup-cpu-boost": "true",
              "run.googleapis.com/vpc-access-egress": "private-ranges-only",
            },
          },
          spec: {
            containerConcurrency: requestsMax,
            timeoutSeconds: streamS,
            ...(props.account === undefined ? {} : { serviceAccountName: props.account }),
            containers: [
              {
                name: "board",
                image: imageOf("board", registry),
                ports: [{ name: "http1", containerPort: port }],
                env: Object.entries(env).map(([variable, value]) => variableOf(variable, value)),
                resources: { limits: { cpu: "1", memory: "512Mi" } },
                startupProbe: { ...alive, periodSeconds: 1, failureThreshold: 30 },
                livenessProbe: { ...alive, periodSeconds: 30, failureThreshold: 3 },
              },
            ],
          },
        },
        traffic: [{ latestRevision: true, percent: 100 }],
      },
    });
  }
}

/** A variable of the container; a Secret of Secret Manager has its version as the key. */
function variableOf(
  name: string,
  value: string | { readonly secret: string; readonly key: string },
) {
  if (typeof value === "string") return { name, value };
  return { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } };
}
