import { Chart } from "cdk8s";
import type { Construct } from "constructs";
import { climaApp } from "../pipelines/clima-app.ts";
import type { ClusterProps } from "./cluster-props.ts";
import { letsClientsInside } from "./constructs/hop-tls.ts";
import { KafkaCluster } from "./constructs/kafka-cluster.ts";
import { RabbitMq } from "./constructs/rabbit-mq.ts";
import type { Resources } from "./constructs/resources.ts";
import { Space } from "./constructs/space.ts";
import { TweetPipeline } from "./constructs/tweet-pipeline.ts";
import { Valkey } from "./constructs/valkey.ts";

/** What a service of ours needs to be shown, not loaded. */
const small: Resources = {
  cpuRequestMillis: 20,
  cpuLimitMillis: 500,
  memoryRequestMiB: 80,
  memoryLimitMiB: 256,
};

/** `clima-app` for a laptop's cluster of 4 GiB: one pod of each part, no autoscaler, no copy of the store. */
export class DemoChart extends Chart {
  constructor(scope: Construct, id: string, cluster: ClusterProps = {}) {
    super(scope, id, { namespace: "demo", disableResourceNameHashes: true });
    new Space(this, "space");
    const partOf = climaApp.name;
    const resources = small;
    const kafka = new KafkaCluster(this, "kafka", { partOf, heapMiB: 192 });
    const rabbit = new RabbitMq(this, "rabbitmq", { partOf });
    const valkey = new Valkey(this, "valkey", { partOf, replicas: 0, maxMemoryMiB: 64 });
    new TweetPipeline(this, "pipeline", {
      pipeline: climaApp,
      ...cluster,
      ...{ kafka, rabbit, valkey },
      relays: {
        api: { resources, probePath: "/" },
        proxy: { resources },
        writer: { resources },
      },
      consumers: { "kafka-consumer": { resources }, "rabbit-consumer": { resources } },
      board: { resources },
      ingress: {
        // The proxy is behind the API: with keys or mutual TLS it is not the clients'.
        paths: ["/", "/clima", ...(letsClientsInside(cluster) ? ["/tweet"] : []), "/api"],
        grpc: letsClientsInside(cluster) ? ["proxy"] : [],
      },
    });
  }
}
