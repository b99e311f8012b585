import { stationsThat } from "../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type {
  ConsumerStation,
  NextStop,
  RelayStation,
  Station,
} from "../../lib/pipeline/station.ts";
import type { ConsumerPlan, RelayPlan, TweetPipelineProps } from "./tweet-pipeline-props.ts";

/** A door of a station, as Services name and number it. */
export interface Door {
  /** The protocol it speaks. */
  readonly name: "http" | "grpc";

  /** The port in the pod. */
  readonly port: number;
}

/** A station with its plan. */
interface Planned<S extends Station, Plan> {
  /** The station's name in its pipeline. */
  readonly name: string;

  /** `<pipeline>/<station>`. */
  readonly place: string;

  /** The name of its workload. */
  readonly workload: string;

  /** The station. */
  readonly station: S;

  /** How it runs. */
  readonly plan: Plan;
}

/** A relay's station with its plan. */
export type PlannedRelay = Planned<RelayStation, RelayPlan>;

/** A consumer's station with its plan. */
export type PlannedConsumer = Planned<ConsumerStation, ConsumerPlan>;

/**
 * The relays of a pipeline, in its order.
 *
 * @throws Error for a plan of a station that is no relay of it.
 */
export function plannedRelays<P extends AnyPipeline>({
  pipeline,
  relays = {},
}: TweetPipelineProps<P>): readonly PlannedRelay[] {
  return planned<"relay", RelayPlan>(pipeline, "relay", relays, {});
}

/**
 * The consumers of a pipeline, in its order.
 *
 * @throws Error for a plan of a station that is no consumer of it.
 */
export function plannedConsumers<P extends AnyPipeline>({
  pipeline,
  consumers = {},
}: TweetPipelineProps<P>): readonly PlannedConsumer[] {
  return planned<"consumer", ConsumerPlan>(pipeline, "consumer", consumers, {});
}

function planned<Plays extends Station["plays"], Plan extends { readonly name?: string }>(
  pipeline: AnyPipeline,
  plays: Plays,
  plans: Readonly<Record<string, Plan | undefined>>,
  unplanned: Plan,
): readonly Planned<Extract<Station, { plays: Plays }>, Plan>[] {
  const stations = stationsThat([pipeline], plays).map(({ name: place, station }) => {
    const name = place.slice(pipeline.name.length + 1);
    const plan = plans[name] ?? unplanned;
    return { name, place, station, plan, workload: plan.name ?? name };
  });
  const names = stations.map(({ name }) => name);
  const stranger = Object.keys(plans).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    throw new Error(
      `Cannot deploy ${pipeline.name}: its ${plays} stations are [${names.join(", ")}]: current value is "${stranger}"`,
    );
  }
  return stations;
}

/** The doors of a relay. */
export function doorsOf({ http, grpc }: RelayStation): readonly Door[] {
  return [
    ...(http === undefined ? [] : [{ name: "http", port: http.port } as const]),
    ...(grpc === undefined ? [] : [{ name: "grpc", port: grpc.port } as const]),
  ];
}

/** The lanes on which a station meets a broker. */
export function lanesOf(station: Station): readonly ("kafka" | "rabbit")[] {
  if (station.plays === "consumer") return [station.lane];
  return station.next.flatMap((stop) => (stop.via === "broker" ? [stop.lane] : []));
}

/** The next stops of a station that are stations themselves. */
export function hopsOf(station: RelayStation): readonly Exclude<NextStop, { via: "broker" }>[] {
  return station.next.flatMap((stop) => (stop.via === "broker" ? [] : [stop]));
}
