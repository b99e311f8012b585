import { Chart } from "cdk8s";
import type { Construct } from "constructs";
import { proyecto3 } from "../pipelines/proyecto3.ts";
import type { ClusterProps } from "./cluster-props.ts";
import { loadKey } from "./constructs/api-keys.ts";
import { KafkaCluster } from "./constructs/kafka-cluster.ts";
import { LoadGenerator } from "./constructs/load-generator.ts";
import { RabbitMq } from "./constructs/rabbit-mq.ts";
import { RabbitMqByOperator } from "./constructs/rabbitmq-operator.ts";
import { Space } from "./constructs/space.ts";
import { TweetPipeline } from "./constructs/tweet-pipeline.ts";
import { Valkey } from "./constructs/valkey.ts";

/** What a `Proyecto3Chart` is made of. */
export interface Proyecto3ChartProps extends ClusterProps {
  /**
   * Who runs RabbitMQ: a StatefulSet of ours, or its cluster operator, which must be in the cluster.
   * @default "stateful-set"
   */
  readonly rabbit?: "stateful-set" | "operator";
}

/** Weather tweets with a writer for each broker, under the names that the reference deployment has. */
export class Proyecto3Chart extends Chart {
  constructor(scope: Construct, id: string, { rabbit: by, ...cluster }: Proyecto3ChartProps = {}) {
    super(scope, id, { namespace: proyecto3.name, disableResourceNameHashes: true });
    new Space(this, "space");
    const partOf = proyecto3.name;
    const kafka = new KafkaCluster(this, "kafka", { partOf });
    const rabbit =
      by === "operator"
        ? new RabbitMqByOperator(this, "rabbitmq", { partOf })
        : new RabbitMq(this, "rabbitmq", { partOf });
    const valkey = new Valkey(this, "valkey", { partOf, replicas: 1, maxMemoryMiB: 100 });
    const load = new LoadGenerator(this, "load", {
      pipeline: proyecto3.name,
      target: "http://rust-api-service:8000",
      board: "http://board-service:5000",
      route: "/tweet",
      ...loadKey(cluster),
    });
    new TweetPipeline(this, "pipeline", {
      pipeline: proyecto3,
      ...cluster,
      ...{ kafka, rabbit, valkey, load },
      relays: {
        api: { name: "rust-api", autoscale: { min: 1, max: 3, cpuPercent: 30 } },
        dispatcher: { name: "go-api" },
      },
      ingress: {
        paths: ["/tweet", "/api"],
      },
    });
  }
}
