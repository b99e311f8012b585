import { Chart } from "cdk8s";
import type { Construct } from "constructs";
import { climaApp } from "../pipelines/clima-app.ts";
import type { ClusterProps } from "./cluster-props.ts";
import { KafkaCluster } from "./constructs/kafka-cluster.ts";
import { LoadGenerator } from "./constructs/load-generator.ts";
import { RabbitMq } from "./constructs/rabbit-mq.ts";
import { Space } from "./constructs/space.ts";
import { Surroundings } from "./constructs/surroundings.ts";
import { TweetPipeline } from "./constructs/tweet-pipeline.ts";
import { Valkey } from "./constructs/valkey.ts";

/** What a `ClimaAppChart` is made of. */
export interface ClimaAppChartProps extends ClusterProps {
  /**
   * Whether the API's Service is a load balancer's, as in the reference, beside the Ingress.
   * @default false
   */
  readonly loadBalancer?: boolean;
}

/** Weather tweets under the names that the reference deployment has. */
export class ClimaAppChart extends Chart {
  constructor(scope: Construct, id: string, props: ClimaAppChartProps = {}) {
    super(scope, id, { namespace: climaApp.name, disableResourceNameHashes: true });
    new Space(this, "space");
    const partOf = climaApp.name;
    const kafka = new KafkaCluster(this, "kafka", { partOf });
    const rabbit = new RabbitMq(this, "rabbitmq", { partOf });
    const valkey = new Valkey(this, "valkey", { partOf, serviceName: "valkey" });
    const load = new LoadGenerator(this, "load", {
      pipeline: climaApp.name,
      target: "http://api-rust-service",
      board: "http://board-service:5000",
    });
    const { edges, open } = new TweetPipeline(this, "pipeline", {
      pipeline: climaApp,
      registry: props.registry ?? "",
      ...{ kafka, rabbit, valkey },
      relays: {
        api: {
          name: "api-rust",
          httpServicePort: 80,
          probePath: "/",
          loadBalancer: props.loadBalancer ?? false,
          // The figures of `proyecto3`, the one reference that scales its API.
          autoscale: { min: 1, max: 3, cpuPercent: 30 },
        },
        proxy: { name: "client-go" },
        writer: { name: "server-go" },
      },
      ingress: {
        paths: ["/", "/clima", "/api"],
        more: [load.route],
        className: props.ingressClassName,
        host: props.host,
      },
    });
    new Surroundings(this, "surroundings", {
      ...{ partOf, registry: props.registry, secrets: props.secrets, edges, open },
      servers: [kafka, rabbit, valkey],
      load,
    });
  }
}
