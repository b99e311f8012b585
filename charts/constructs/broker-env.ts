import type { Station } from "../../lib/pipeline/station.ts";
import type { SecretKey } from "./service-env.ts";
import { lanesOf } from "./stations.ts";
import type { Brokers } from "./tweet-pipeline-props.ts";

/** The variables that lead a service to the brokers of its lanes. */
export interface BrokerEnv {
  /**
   * Kafka's address.
   * @default none of the stations has the lane
   */
  readonly KAFKA_BROKERS?: string;

  /**
   * RabbitMQ's address.
   * @default none of the stations has the lane
   */
  readonly RABBIT_URL?: SecretKey;
}

/**
 * The brokers of these stations' lanes, and of no other.
 *
 * @throws Error for a lane without a broker.
 */
export function brokerEnv(
  place: string,
  stations: readonly Station[],
  { kafka, rabbit }: Brokers,
): BrokerEnv {
  const lanes = new Set(stations.flatMap(lanesOf));
  return {
    ...(lanes.has("kafka") ? { KAFKA_BROKERS: given(kafka, place, "kafka").brokers } : {}),
    ...(lanes.has("rabbit") ? { RABBIT_URL: given(rabbit, place, "rabbit") } : {}),
  };
}

/** What is said of a lane's broker. */
function given<T>(broker: T | undefined, place: string, lane: keyof Brokers): T {
  if (broker === undefined) {
    throw new Error(
      `Cannot deploy ${place}: its lane ${lane} has no broker: current value of brokers.${lane} is undefined`,
    );
  }
  return broker;
}
