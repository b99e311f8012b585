import { spec } from "../../services/consumer/config.ts";
import { brokerEnv } from "./broker-env.ts";
import type { BunServiceProps } from "./bun-service-props.ts";
import { podsMax, refuseIdleConsumers } from "./refusals.ts";
import type { SecretKey } from "./service-env.ts";
import type { PlannedConsumer } from "./stations.ts";
import type { Brokers } from "./tweet-pipeline-props.ts";

/** Where what a consumer uses is. */
export interface ConsumerAddresses {
  /** The brokers of the pipeline's lanes. */
  readonly brokers: Brokers;

  /** The pipeline's Valkey. */
  readonly valkey: string | SecretKey;

  /** How many partitions the pipeline's topic has. */
  readonly partitions: number;
}

/**
 * The service that plays a consumer's station.
 *
 * @throws Error for a lane without a broker, or more Kafka consumers than partitions.
 */
export function consumerWorkload(
  { place, station, plan }: PlannedConsumer,
  { brokers, valkey, partitions }: ConsumerAddresses,
): BunServiceProps<typeof spec> {
  const addresses = brokerEnv(place, [station], brokers);
  if (station.lane === "kafka") refuseIdleConsumers(place, podsMax(plan), partitions);
  return {
    ...plan,
    service: "consumer",
    spec,
    env: { STATION: place, ...addresses, VALKEY_SERVICE_URL: valkey, ...plan.env },
  };
}
