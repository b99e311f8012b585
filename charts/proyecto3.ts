import { Chart } from "cdk8s";
import type { Construct } from "constructs";
import { proyecto3 } from "../pipelines/proyecto3.ts";
import type { ClusterProps } from "./cluster-props.ts";
import { KafkaCluster } from "./constructs/kafka-cluster.ts";
import { LoadGenerator } from "./constructs/load-generator.ts";
import { RabbitMq } from "./constructs/rabbit-mq.ts";
import { Space } from "./constructs/space.ts";
import { Surroundings } from "./constructs/surroundings.ts";
import { TweetPipeline } from "./constructs/tweet-pipeline.ts";
import { Valkey } from "./constructs/valkey.ts";

/** Weather tweets with a writer for each broker, under the names that the reference deployment has. */
export class Proyecto3Chart extends Chart {
  constructor(scope: Construct, id: string, props: ClusterProps = {}) {
    super(scope, id, { namespace: proyecto3.name, disableResourceNameHashes: true });
    new Space(this, "space");
    const partOf = proyecto3.name;
    const kafka = new KafkaCluster(this, "kafka", { partOf });
    const rabbit = new RabbitMq(this, "rabbitmq", { partOf });
    const valkey = new Valkey(this, "valkey", { partOf, replicas: 1, maxMemoryMiB: 100 });
    const load = new LoadGenerator(this, "load", {
      pipeline: proyecto3.name,
      target: "http://rust-api-service:8000",
      board: "http://board-service:5000",
      route: "/tweet",
    });
    const { edges, open } = new TweetPipeline(this, "pipeline", {
      pipeline: proyecto3,
      registry: props.registry ?? "",
      ...{ kafka, rabbit, valkey },
      relays: {
        api: { name: "rust-api", autoscale: { min: 1, max: 3, cpuPercent: 30 } },
        dispatcher: { name: "go-api" },
      },
      ingress: {
        paths: ["/tweet", "/api"],
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
