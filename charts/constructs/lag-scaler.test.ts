import { describe, expect, test } from "bun:test";
import { at, type Manifest, manifestOf } from "../testing/manifest.ts";
import { synth } from "../testing/synth.ts";
import { type LagScale, lagPlan } from "./lag-scale.ts";
import { LagScaler } from "./lag-scaler.ts";
import type { Waiting } from "./lag-trigger.ts";

const kafka = {
  KAFKA_BROKERS: "kafka-service:9092",
  KAFKA_USERNAME: "consumer",
  KAFKA_PASSWORD: { secret: "kafka", key: "consumer" },
  KAFKA_SASL_MECHANISM: "plain",
};
const inKafka: Waiting = { lane: "kafka", kafka, topic: "clima", group: "readers" };
const inRabbit: Waiting = {
  lane: "rabbit",
  url: { secret: "rabbitmq", key: "url-from-anywhere" },
  queue: "clima",
};

function scaled(waiting: Waiting, scale: LagScale = {}, namespace = "space") {
  return synth((chart) => {
    const plan = lagPlan("consumer", scale, 3);
    new LagScaler(chart, "lag", { target: "consumer", waiting, plan, partOf: "clima-app" });
  }, namespace);
}

const scaler = (manifests: readonly Manifest[]) =>
  manifestOf(manifests, "ScaledObject", "consumer");
const login = (manifests: readonly Manifest[]) =>
  manifestOf(manifests, "TriggerAuthentication", "consumer");

test("KEDA asks Kafka for the group's lag, signed in as the consumer, by a name that its own namespace finds", () => {
  const manifests = scaled(inKafka);
  expect(at(scaler(manifests), "spec.triggers")).toEqual([
    {
      type: "kafka",
      name: "lag",
      metadata: {
        bootstrapServers: "kafka-service.space.svc:9092",
        consumerGroup: "readers",
        topic: "clima",
        lagThreshold: "1000",
        offsetResetPolicy: "earliest",
        allowIdleConsumers: "false",
        sasl: "plaintext",
      },
      authenticationRef: { name: "consumer" },
    },
  ]);
  expect(at(login(manifests), "spec")).toEqual({
    env: [{ parameter: "username", name: "KAFKA_USERNAME", containerName: "consumer" }],
    secretTargetRef: [{ parameter: "password", name: "kafka", key: "consumer" }],
  });
});

test("KEDA asks RabbitMQ for the queue's length by AMQP, at the address that a Secret holds", () => {
  const manifests = scaled(inRabbit, { perPod: 50 });
  expect(at(scaler(manifests), "spec.triggers.0")).toEqual({
    type: "rabbitmq",
    name: "queue",
    metadata: { protocol: "amqp", mode: "QueueLength", queueName: "clima", value: "50" },
    authenticationRef: { name: "consumer" },
  });
  expect(at(login(manifests), "spec")).toEqual({
    secretTargetRef: [{ parameter: "host", name: "rabbitmq", key: "url-from-anywhere" }],
  });
});

test("a Kafka that nobody signs in to, at an address in full, is asked as it stands", () => {
  const open = { KAFKA_BROKERS: "one.example:9093,two.example:9093" };
  const manifests = scaled({ ...inKafka, kafka: open } as Waiting);
  const trigger = at(scaler(manifests), "spec.triggers.0");
  expect(at(trigger, "metadata.bootstrapServers")).toBe("one.example:9093,two.example:9093");
  expect(at(trigger, "metadata.sasl")).toBeUndefined();
  expect(manifests.map(({ kind }) => kind)).toEqual(["ScaledObject"]);
});

test("without a word the pods are 1 to as many as the topic has partitions", () => {
  expect(at(scaler(scaled(inKafka)), "spec")).toMatchObject({
    scaleTargetRef: { name: "consumer" },
    minReplicaCount: 1,
    maxReplicaCount: 3,
    fallback: { failureThreshold: 3, replicas: 1, behavior: "currentReplicasIfHigher" },
  });
  expect(at(scaler(scaled(inKafka)), "spec.pollingInterval")).toBeUndefined();
});

test("everything said is so, and KEDA takes over the autoscaler of that name", () => {
  const said: Required<LagScale> = {
    min: 0,
    max: 2,
    perPod: 10,
    cpuPercent: 50,
    name: "consumer-hpa",
    everyS: 5,
    idleS: 60,
    blind: 2,
  };
  const object = scaler(scaled(inKafka, said));
  expect(at(object, "spec")).toMatchObject({
    minReplicaCount: 0,
    maxReplicaCount: 2,
    pollingInterval: 5,
    cooldownPeriod: 60,
    fallback: { replicas: 2 },
    advanced: { horizontalPodAutoscalerConfig: { name: "consumer-hpa" } },
  });
  expect(at(object, "spec.triggers.1")).toEqual({
    type: "cpu",
    name: "cpu",
    metricType: "Utilization",
    metadata: { value: "50" },
  });
  expect(at(object, "metadata.annotations")).toEqual({
    "scaledobject.keda.sh/transfer-hpa-ownership": "true",
  });
});

describe("LagScaler refuses", () => {
  test.each([
    ["min is -1", { min: -1 }],
    ["max is 2", { min: 3, max: 2 }],
    ["max is 0", { max: 0, min: 0 }],
    ["perPod is 0", { perPod: 0 }],
    ["perPod is 1.5", { perPod: 1.5 }],
    ["everyS is 0", { everyS: 0 }],
    ["idleS is -1", { idleS: -1 }],
    ["blind is 4", { blind: 4 }],
  ])("a plan whose %s", (value, scale) => {
    expect(() => scaled(inKafka, scale)).toThrow(`current value of ${value}`);
  });

  test("a way to sign in that KEDA does not know", () => {
    const strange = { ...kafka, KAFKA_SASL_MECHANISM: "gssapi" };
    expect(() => scaled({ ...inKafka, kafka: strange } as Waiting)).toThrow(
      'KEDA signs in to Kafka by plain, scram-sha-256, scram-sha-512: current value is "gssapi"',
    );
  });
});
