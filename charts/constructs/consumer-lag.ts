import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { Brokers } from "./broker-env.ts";
import { type LagPlan, lagPlan } from "./lag-scale.ts";
import { kedaOperator } from "./lag-scaler.ts";
import type { Waiting } from "./lag-trigger.ts";
import type { PolicyEdge } from "./network-policies.ts";
import { type PlannedConsumer, plannedConsumers } from "./stations.ts";
import type { TweetPipelineProps } from "./tweet-pipeline-props.ts";

/** A consumer that runs in as many pods as what waits for it needs. */
export interface LaggingConsumer {
  /** Its plan, in which it says no number of pods itself. */
  readonly consumer: PlannedConsumer;
  /** By which numbers it is scaled. */
  readonly plan: LagPlan;
  /** What waits for it. */
  readonly waiting: Waiting;
}

/** The consumers of a pipeline, and those among them that scale by what waits for them: all or none. */
export function scaledConsumers<P extends AnyPipeline>(
  props: TweetPipelineProps<P>,
): {
  readonly consumers: readonly PlannedConsumer[];
  readonly lagging: readonly LaggingConsumer[];
} {
  const planned = plannedConsumers(props);
  if (props.scaling !== "lag") return { consumers: planned, lagging: [] };
  const lagging = planned.map((each) => laggingConsumer(each, props.pipeline, props));
  return { consumers: lagging.map(({ consumer }) => consumer), lagging };
}

/**
 * The same consumer, scaled by what waits for it. Where its plan has an autoscaler by CPU, that one's name and numbers hold
 * on, the CPU beside what waits.
 *
 * @throws Error for a broker that KEDA could not ask.
 */
function laggingConsumer(
  consumer: PlannedConsumer,
  { name, broker }: AnyPipeline,
  brokers: Brokers,
): LaggingConsumer {
  const { partitions = 3, topic, queue } = broker;
  const { workload, place, station } = consumer;
  const { replicas: _, autoscale, lag, ...rest } = consumer.plan;
  const plan = lagPlan(workload, { ...autoscale, ...lag }, partitions);
  const scaled = { ...consumer, plan: { ...rest, scaledTo: plan.max } };
  const { kafka, rabbit } = brokers;
  if (station.lane === "kafka" && kafka !== undefined) {
    const variables = { kafka: kafka.envOf("consumer"), topic, group: groupOf(consumer) };
    return { consumer: scaled, plan, waiting: { lane: "kafka", ...variables } };
  }
  const url = rabbit?.urlFromAnywhere ?? (rabbit?.peer === undefined ? rabbit?.url : undefined);
  if (station.lane === "rabbit" && url !== undefined) {
    return { consumer: scaled, plan, waiting: { lane: "rabbit", url, queue } };
  }
  throw new Error(
    `Cannot scale ${place} by what waits: its lane has no broker in ${name} that another namespace could ask: current value is ${station.lane}`,
  );
}

/** The consumer group, which a plan may name. */
function groupOf({ place, station, plan }: PlannedConsumer): string {
  const group = plan.env?.KAFKA_GROUP ?? station.group;
  if (typeof group === "string") return group;
  throw new Error(
    `Cannot scale ${place} by what waits: KEDA must know the group: current value of KAFKA_GROUP is in the Secret ${group.secret}`,
  );
}

/** KEDA's way to the brokers of these consumers that run in the namespace. */
export function lagEdges(
  consumers: readonly LaggingConsumer[],
  brokers: Brokers,
): readonly PolicyEdge[] {
  return consumers.flatMap(({ waiting }) => {
    const broker = brokers[waiting.lane];
    if (broker?.peer === undefined) return [];
    return [{ from: kedaOperator, to: broker.peer, ports: [broker.port] }];
  });
}
