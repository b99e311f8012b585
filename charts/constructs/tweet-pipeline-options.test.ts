import { describe, expect, test } from "bun:test";
import { climaApp } from "../../pipelines/clima-app.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { schemaFaults } from "../testing/schema-faults.ts";
import { synth } from "../testing/synth.ts";
import { KafkaCluster } from "./kafka-cluster.ts";
import { RabbitMq } from "./rabbit-mq.ts";
import { kafkaAt, mongoAt, rabbitAt, valkeyAt } from "./sources.ts";
import { TweetPipeline } from "./tweet-pipeline.ts";
import type { TweetPipelineProps } from "./tweet-pipeline-props.ts";

type ClimaProps = TweetPipelineProps<typeof climaApp>;

const valkey = valkeyAt("redis://valkey:6379");

function clima(props: Partial<ClimaProps>): readonly Manifest[] {
  return synth((chart) => {
    const kafka = new KafkaCluster(chart, "kafka");
    const rabbit = new RabbitMq(chart, "rabbitmq");
    new TweetPipeline(chart, "pipeline", { pipeline: climaApp, kafka, rabbit, valkey, ...props });
  });
}

describe("consumers that scale by what waits for them", () => {
  const manifests = clima({ scaling: "lag" });

  test("say no number of pods, and have one autoscaler each, which is KEDA's", () => {
    for (const name of ["kafka-consumer", "rabbit-consumer"]) {
      const deployment = manifestOf(manifests, "Deployment", name);
      expect(schemaFaults(deployment)).toEqual([]);
      expect(at(deployment, "spec.replicas")).toBeUndefined();
      const scaler = manifestOf(manifests, "ScaledObject", name);
      expect(at(scaler, "spec.scaleTargetRef.name")).toBe(name);
      expect(at(scaler, "spec.maxReplicaCount")).toBe(3);
      expect(manifestOf(manifests, "PodDisruptionBudget", name)).toBeDefined();
    }
    expect(manifests.map(({ kind }) => kind)).not.toContain("HorizontalPodAutoscaler");
  });

  test("let KEDA's operator, and nobody else of its namespace, ask their brokers", () => {
    for (const [app, port] of [
      ["kafka", 9_092],
      ["rabbitmq", 5_672],
    ] as const) {
      const policy = manifestOf(manifests, "NetworkPolicy", `allow-${app}`);
      expect(at(policy, "spec.ingress")).toContainEqual({
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "keda" } },
            podSelector: { matchLabels: { app: "keda-operator" } },
          },
        ],
        ports: [{ port, protocol: "TCP" }],
      });
    }
  });

  test("ask a RabbitMQ of somebody else's at its own address", () => {
    const url = { secret: "cloud", key: "amqps" };
    const [login] = clima({ scaling: "lag", rabbit: rabbitAt(url) }).filter(
      ({ kind, metadata }) =>
        kind === "TriggerAuthentication" && metadata.name === "rabbit-consumer",
    );
    expect(at(login, "spec.secretTargetRef")).toEqual([
      { parameter: "host", name: "cloud", key: "amqps" },
    ]);
  });

  test("take name, numbers and CPU of an autoscaler by CPU along", () => {
    const autoscale = { name: "consumer-hpa", min: 2, max: 5, cpuPercent: 50 };
    const votes = synth((chart) => {
      const kafka = kafkaAt("kafka.example:9092");
      const mongo = mongoAt({ secret: "mongo", key: "url" });
      const consumers = { consumer: { autoscale, lag: { perPod: 10 } } };
      const props = { pipeline: votaciones, kafka, valkey, mongo, consumers } as const;
      new TweetPipeline(chart, "pipeline", { ...props, scaling: "lag" });
    });
    const spec = at(manifestOf(votes, "ScaledObject", "consumer"), "spec");
    expect(spec).toMatchObject({
      minReplicaCount: 2,
      maxReplicaCount: 5,
      advanced: { horizontalPodAutoscalerConfig: { name: "consumer-hpa" } },
      triggers: [{ metadata: { lagThreshold: "10" } }, { type: "cpu", metadata: { value: "50" } }],
    });
  });

  test("are no more than the partitions of the topic, by synth already", () => {
    const consumers = { "kafka-consumer": { lag: { max: 4 } } };
    expect(() => clima({ scaling: "lag", consumers })).toThrow(
      "Cannot run clima-app/kafka-consumer in 4 pods: each partition feeds one consumer, so the others stay idle: current value is 3 partitions",
    );
    const many = { "rabbit-consumer": { lag: { max: 9 } } };
    const scaler = manifestOf(
      clima({ scaling: "lag", consumers: many }),
      "ScaledObject",
      "rabbit-consumer",
    );
    expect(at(scaler, "spec.maxReplicaCount")).toBe(9);
  });

  test("follow the group that a plan names", () => {
    const consumers = { "kafka-consumer": { env: { KAFKA_GROUP: "other" } } };
    const scaler = manifestOf(
      clima({ scaling: "lag", consumers }),
      "ScaledObject",
      "kafka-consumer",
    );
    expect(at(scaler, "spec.triggers.0.metadata.consumerGroup")).toBe("other");
  });
});

describe("a Gateway as the way in", () => {
  const ingress = { paths: ["/", "/clima", "/api"], grpc: ["proxy"] };
  const manifests = clima({ wayIn: "gateway", ingress });

  test("stands in the place of the Ingress, and leads to gRPC doors as well", () => {
    expect(manifests.map(({ kind }) => kind)).not.toContain("Ingress");
    const http = manifestOf(manifests, "HTTPRoute", "clima-app-gateway");
    expect(at(http, "spec.rules.0.backendRefs")).toEqual([{ name: "api-service", port: 8080 }]);
    const grpc = manifestOf(manifests, "GRPCRoute", "proxy-grpc");
    expect(at(grpc, "spec.rules.0.matches")).toEqual([
      {
        method: {
          type: "Exact",
          service: "weathertweet.WeatherTweetService",
          method: "SendTweet",
        },
      },
    ]);
    expect(at(grpc, "spec.rules.0.backendRefs")).toEqual([{ name: "proxy-service", port: 50_052 }]);
  });

  test("may connect to the gRPC door's pods, which an Ingress may not", () => {
    const open = (props: Partial<ClimaProps>) =>
      at(manifestOf(clima(props), "NetworkPolicy", "allow-proxy"), "spec.ingress");
    const way = { ports: [{ port: 50_052, protocol: "TCP" }] };
    expect(open({ wayIn: "gateway", ingress })).toContainEqual(way);
    expect(open({ ingress })).not.toContainEqual(way);
  });

  test("leads to no gRPC door of a station that is none, keeps no keys, or asks for no API key", () => {
    const with_ = (station: string) => () =>
      clima({ wayIn: "gateway", ingress: { ...ingress, grpc: [station] } });
    expect(with_("prxoy")).toThrow('current value is "prxoy"');
    expect(with_("writer")).toThrow(
      'Cannot lead gRPC clients into clima-app: the station must have a gRPC door, and an HTTP door, which alone keeps clients\' keys: current value is "writer"',
    );
    const apiKeys = { secret: "keys" };
    expect(() => clima({ wayIn: "gateway", ingress, apiKeys })).toThrow(
      "Cannot lead a path of the Ingress to clima-app/proxy",
    );
  });
});
