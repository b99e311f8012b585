import type { Station } from "../../lib/pipeline/station.ts";
import type { SecretKey } from "./service-env.ts";
import type { KafkaSource, KafkaVariables, RabbitSource, ServiceUser } from "./sources.ts";
import { lanesOf } from "./stations.ts";

/** The brokers of a pipeline's lanes. */
export interface Brokers {
  /**
   * Kafka.
   * @default none: no station may use the lane
   */
  readonly kafka?: KafkaSource;

  /**
   * RabbitMQ.
   * @default none: no station may use the lane
   */
  readonly rabbit?: RabbitSource;
}

/** The variables that lead a service to the brokers of its lanes. */
export interface BrokerEnv extends Partial<KafkaVariables> {
  /**
   * RabbitMQ's address.
   * @default none of the stations has the lane
   */
  readonly RABBIT_URL?: SecretKey;
}

/**
 * The brokers of these stations' lanes, and of no other, as one of our services gets into them.
 *
 * @throws Error for a lane without a broker.
 */
export function brokerEnv(
  place: string,
  user: ServiceUser,
  stations: readonly Station[],
  { kafka, rabbit }: Brokers,
): BrokerEnv {
  const lanes = new Set(stations.flatMap(lanesOf));
  return {
    ...(lanes.has("kafka") ? given(kafka, place, "kafka").envOf(user) : {}),
    ...(lanes.has("rabbit") ? { RABBIT_URL: given(rabbit, place, "rabbit").url } : {}),
  };
}

/** What is said of a lane's broker. */
function given<T>(broker: T | undefined, place: string, lane: keyof Brokers): T {
  if (broker === undefined) {
    throw new Error(
      `Cannot deploy ${place}: its lane ${lane} has no broker: current value of ${lane} is undefined`,
    );
  }
  return broker;
}
