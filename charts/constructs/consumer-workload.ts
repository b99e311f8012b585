import { spec } from "../../services/consumer/config.ts";
import { type Brokers, brokerEnv } from "./broker-env.ts";
import type { BunServiceProps } from "./bun-service-props.ts";
import type { LogEnv } from "./log-env.ts";
import { podsMax, refuseIdleConsumers } from "./refusals.ts";
import { type ValkeySource, waitEnv } from "./sources.ts";
import type { PlannedConsumer } from "./stations.ts";

/** Where what a consumer uses is. */
export interface ConsumerAddresses {
  /** The brokers of the pipeline's lanes. */
  readonly brokers: Brokers;

  /** The pipeline's Valkey. */
  readonly valkey: ValkeySource;

  /** Where the pipeline's log is. */
  readonly log: LogEnv;

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
  { brokers, valkey, log, partitions }: ConsumerAddresses,
): BunServiceProps<typeof spec> {
  const addresses = brokerEnv(place, "consumer", [station], brokers);
  if (station.lane === "kafka") refuseIdleConsumers(place, podsMax(plan), partitions);
  return {
    ...plan,
    service: "consumer",
    spec,
    env: {
      STATION: place,
      ...addresses,
      VALKEY_SERVICE_URL: valkey.urlOf("consumer"),
      ...log,
      ...waitEnv(valkey),
      ...(valkey.idsMax === undefined ? {} : { IDS_MAX: `${valkey.idsMax}` }),
      ...plan.env,
    },
  };
}
