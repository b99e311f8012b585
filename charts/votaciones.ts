import { Chart } from "cdk8s";
import type { Construct } from "constructs";
import { votaciones } from "../pipelines/votaciones.ts";
import type { ClusterProps } from "./cluster-props.ts";
import { loadKey } from "./constructs/api-keys.ts";
import { KafkaCluster } from "./constructs/kafka-cluster.ts";
import { LoadGenerator } from "./constructs/load-generator.ts";
import { Mongo } from "./constructs/mongo.ts";
import { MongoByOperator } from "./constructs/mongo-operator.ts";
import { Space } from "./constructs/space.ts";
import { StrimziKafka } from "./constructs/strimzi-kafka.ts";
import { TweetPipeline } from "./constructs/tweet-pipeline.ts";
import { Valkey } from "./constructs/valkey.ts";

/** What a `VotacionesChart` is made of. */
export interface VotacionesChartProps extends ClusterProps {
  /**
   * Who runs Kafka: a StatefulSet of ours, or Strimzi's operator, which must be in the cluster.
   * @default "stateful-set"
   */
  readonly kafka?: "stateful-set" | "strimzi";

  /**
   * Who runs MongoDB: a StatefulSet of ours, or its operator, which must be in the cluster.
   * @default "stateful-set"
   */
  readonly mongo?: "stateful-set" | "operator";
}

const name = "my-cluster";

/**
 * Votes for bands under the names that the reference deployment has, `my-cluster-kafka-bootstrap` whoever runs Kafka.
 *
 * A route's two stations are workloads of their own, where the reference has two containers in one pod: they scale, fail
 * and are rolled apart, and the hop between them is watched like every other.
 */
export class VotacionesChart extends Chart {
  constructor(
    scope: Construct,
    id: string,
    { kafka: by, mongo: mongoBy, ...cluster }: VotacionesChartProps = {},
  ) {
    super(scope, id, { namespace: "kafka", disableResourceNameHashes: true });
    new Space(this, "space");
    const partOf = votaciones.name;
    const { topic, partitions, retentionMs } = votaciones.broker;
    const kafka =
      by === "strimzi"
        ? new StrimziKafka(this, "kafka", {
            name,
            topics: [{ name: topic, partitions, retentionMs }],
          })
        : new KafkaCluster(this, "kafka", {
            ...{ name, partOf, nodes: 3 },
            serviceName: `${name}-kafka-bootstrap`,
            nodesServiceName: `${name}-kafka-brokers`,
          });
    const valkey = new Valkey(this, "redis", {
      name: "redis-db",
      partOf,
      replicas: 0,
      serviceName: "redis-svc",
    });
    const database = "so1p2";
    const mongo =
      mongoBy === "operator"
        ? new MongoByOperator(this, "mongo", { name: "mongo", partOf, database })
        : new Mongo(this, "mongo", {
            ...{ name: "mongo-db", partOf, database },
            serviceName: "mongo-svc",
          });
    const load = new LoadGenerator(this, "load", {
      pipeline: votaciones.name,
      target: "http://apirust-service:8000",
      board: "http://board-service:5000",
      route: "rust",
      ...loadKey(cluster),
    });
    new TweetPipeline(this, "pipeline", {
      pipeline: votaciones,
      ...cluster,
      ...{ kafka, valkey, mongo, load },
      relays: {
        "rest-api": { name: "apirust-deployment", serviceName: "apirust-service" },
        "rest-writer": { name: "apirust-writer" },
        "grpc-api": { name: "grpc-deployment", serviceName: "grpc-service" },
        "grpc-writer": { name: "grpc-writer" },
      },
      consumers: {
        consumer: {
          name: "consumer-deployment",
          autoscale: { name: "consumer-hpa", min: 2, max: 5, cpuPercent: 50 },
        },
      },
      ingress: {
        name: "my-ingress",
        paths: ["/grpc/", "/rust/", "/api"],
      },
    });
  }
}
