import { Chart } from "cdk8s";
import type { Construct } from "constructs";
import { climaApp } from "../pipelines/clima-app.ts";
import type { ClusterProps } from "./cluster-props.ts";
import { loadKey } from "./constructs/api-keys.ts";
import { letsClientsInside } from "./constructs/hop-tls.ts";
import { KafkaCluster } from "./constructs/kafka-cluster.ts";
import { LoadGenerator } from "./constructs/load-generator.ts";
import { RabbitMq } from "./constructs/rabbit-mq.ts";
import { RabbitMqByOperator } from "./constructs/rabbitmq-operator.ts";
import { Space } from "./constructs/space.ts";
import { TweetPipeline } from "./constructs/tweet-pipeline.ts";
import { Valkey } from "./constructs/valkey.ts";

/** What a `ClimaAppChart` is made of. */
export interface ClimaAppChartProps extends ClusterProps {
  /**
   * Whether the API's Service is a load balancer's, as in the reference, beside the Ingress.
   * @default false
   */
  readonly loadBalancer?: boolean;

  /**
   * Who runs RabbitMQ: a StatefulSet of ours, or its cluster operator, which must be in the cluster.
   * @default "stateful-set"
   */
  readonly rabbit?: "stateful-set" | "operator";

  /**
   * Who is Valkey's primary: its first pod, or whom sentinels choose among three.
   * @default "first-pod"
   */
  readonly primary?: "first-pod" | "sentinels";
}

/** Weather tweets under the names that the reference deployment has. */
export class ClimaAppChart extends Chart {
  constructor(
    scope: Construct,
    id: string,
    { loadBalancer = false, rabbit: by, primary, ...cluster }: ClimaAppChartProps = {},
  ) {
    super(scope, id, { namespace: climaApp.name, disableResourceNameHashes: true });
    new Space(this, "space");
    const partOf = climaApp.name;
    const kafka = new KafkaCluster(this, "kafka", { partOf });
    const rabbit =
      by === "operator"
        ? new RabbitMqByOperator(this, "rabbitmq", { partOf })
        : new RabbitMq(this, "rabbitmq", { partOf });
    const valkey = new Valkey(this, "valkey", {
      ...{ partOf, serviceName: "valkey" },
      ...(primary === "sentinels" ? { sentinels: {} } : {}),
    });
    const load = new LoadGenerator(this, "load", {
      pipeline: climaApp.name,
      target: "http://api-rust-service",
      board: "http://board-service:5000",
      ...loadKey(cluster),
    });
    new TweetPipeline(this, "pipeline", {
      pipeline: climaApp,
      ...cluster,
      ...{ kafka, rabbit, valkey, load },
      relays: {
        api: {
          name: "api-rust",
          httpServicePort: 80,
          probePath: "/",
          loadBalancer,
          // The figures of `proyecto3`, the one reference that scales its API.
          autoscale: { min: 1, max: 3, cpuPercent: 30 },
        },
        proxy: { name: "client-go" },
        writer: { name: "server-go" },
      },
      ingress: {
        paths: ["/", "/clima", "/api"],
        // The proxy is behind the API, which alone asks for keys.
        grpc: letsClientsInside(cluster) ? ["proxy"] : [],
      },
    });
  }
}
