import type { ScaleTrigger, TriggerAuthenticationSpec } from "./keda-forms.ts";
import type { SecretKey } from "./service-env.ts";
import type { KafkaVariables } from "./sources.ts";

/** Messages that wait for a consumer, and how to ask for their number. */
export type Waiting = WaitingInKafka | WaitingInRabbit;

/** What a consumer group has not read of a topic. */
export interface WaitingInKafka {
  /** The lane. */
  readonly lane: "kafka";

  /** How the consumer itself gets in. */
  readonly kafka: KafkaVariables;

  /** The topic. */
  readonly topic: string;

  /** The group. */
  readonly group: string;
}

/** What is ready in a queue. */
export interface WaitingInRabbit {
  /** The lane. */
  readonly lane: "rabbit";

  /** The address, in full: KEDA has another namespace. */
  readonly url: SecretKey;

  /** The queue. */
  readonly queue: string;
}

/** A trigger, and how KEDA signs in for it. */
export interface LagTrigger {
  /** What KEDA asks. */
  readonly trigger: ScaleTrigger;

  /** Undefined: nobody signs in. */
  readonly auth: TriggerAuthenticationSpec | undefined;
}

/** Where a trigger belongs. */
export interface LagTriggerPlace {
  /** The name of what KEDA signs in with. */
  readonly name: string;

  /** The namespace of the broker, where its address does not name one. */
  readonly namespace: string | undefined;

  /** How many messages may wait for each pod. */
  readonly perPod: number;
}

/** The container whose variables say who the consumer is. */
const container = "consumer";

/** KEDA's names of what clients of Kafka sign in by. */
const mechanisms = {
  plain: "plaintext",
  "scram-sha-256": "scram_sha256",
  "scram-sha-512": "scram_sha512",
} as const;

/**
 * How KEDA asks for what waits.
 *
 * @throws Error for a broker that another namespace could not find, or signs in by a way that KEDA does not know.
 */
export function lagTrigger(waiting: Waiting, place: LagTriggerPlace): LagTrigger {
  return waiting.lane === "kafka" ? kafkaTrigger(waiting, place) : rabbitTrigger(waiting, place);
}

function kafkaTrigger({ kafka, topic, group }: WaitingInKafka, place: LagTriggerPlace): LagTrigger {
  const { name, perPod } = place;
  const password = kafka.KAFKA_PASSWORD;
  const trigger = {
    type: "kafka",
    name: "lag",
    metadata: {
      bootstrapServers: inFull(name, kafka.KAFKA_BROKERS, place.namespace),
      consumerGroup: group,
      topic,
      lagThreshold: `${perPod}`,
      // A group that has committed nothing yet begins at the store's cursor: at the start, for a store that is new.
      offsetResetPolicy: "earliest",
      allowIdleConsumers: "false",
    },
  } as const;
  if (password === undefined) return { trigger, auth: undefined };
  const sasl = mechanismOf(name, kafka.KAFKA_SASL_MECHANISM ?? "plain");
  return {
    trigger: {
      ...trigger,
      metadata: { ...trigger.metadata, sasl },
      authenticationRef: { name },
    },
    auth: {
      env: [{ parameter: "username", name: "KAFKA_USERNAME", containerName: container }],
      secretTargetRef: [{ parameter: "password", name: password.secret, key: password.key }],
    },
  };
}

/** By AMQP, which needs no plugin; what pods hold unacknowledged is no longer waiting. */
function rabbitTrigger({ url, queue }: WaitingInRabbit, { name, perPod }: LagTriggerPlace) {
  return {
    trigger: {
      type: "rabbitmq",
      name: "queue",
      metadata: {
        protocol: "amqp",
        mode: "QueueLength",
        queueName: queue,
        value: `${perPod}`,
      },
      authenticationRef: { name },
    },
    auth: { secretTargetRef: [{ parameter: "host", name: url.secret, key: url.key }] },
  } as const;
}

function mechanismOf(name: string, mechanism: string) {
  const found = Object.entries(mechanisms).find(([each]) => each === mechanism.toLowerCase());
  if (found !== undefined) return found[1];
  throw new Error(
    `Cannot make ${name}: KEDA signs in to Kafka by ${Object.keys(mechanisms).join(", ")}: current value is "${mechanism}"`,
  );
}

/** Addresses as every namespace finds them: a name without a dot is a Service of this one. */
function inFull(name: string, addresses: string, namespace: string | undefined): string {
  const full = addresses.split(",").map((address) => {
    const [host = "", port = "9092"] = address.trim().split(":");
    if (host.includes(".")) return `${host}:${port}`;
    return namespace === undefined ? undefined : `${host}.${namespace}.svc:${port}`;
  });
  if (!full.includes(undefined)) return full.join(",");
  throw new Error(
    `Cannot make ${name}: KEDA looks up names in a namespace of its own, and the chart has none: current value is "${addresses}"`,
  );
}
