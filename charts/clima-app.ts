import { Chart } from "cdk8s";
import type { Construct } from "constructs";
import { climaApp } from "../pipelines/clima-app.ts";
import { TweetPipeline } from "./constructs/tweet-pipeline.ts";

/** What a `ClimaAppChart` is made of. */
export interface ClimaAppChartProps {
  /**
   * Where our images come from, `host[:port][/path]`.
   * @default no registry in the images' names
   */
  readonly registry?: string;

  /**
   * Whether the API's Service is a load balancer's, as in the reference, beside the Ingress.
   * @default false
   */
  readonly loadBalancer?: boolean;
}

/**
 * Weather tweets under the names that the reference deployment has. Its brokers and its Valkey are found by their names,
 * RabbitMQ's address with its password in the Secret `rabbitmq`, key `url`.
 */
export class ClimaAppChart extends Chart {
  constructor(scope: Construct, id: string, props: ClimaAppChartProps = {}) {
    super(scope, id, { namespace: climaApp.name, disableResourceNameHashes: true });
    new TweetPipeline(this, "pipeline", {
      pipeline: climaApp,
      registry: props.registry ?? "",
      brokers: {
        kafka: { brokers: "kafka-service:9092" },
        rabbit: { secret: "rabbitmq", key: "url" },
      },
      valkey: "redis://valkey:6379",
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
      ingress: { paths: ["/", "/clima", "/api"] },
    });
  }
}
