import type { AnyPipeline } from "./pipeline.ts";
import type { Station } from "./station.ts";

/** A station with the pipeline that it belongs to. */
export interface Placed<S extends Station = Station> {
  readonly pipeline: AnyPipeline;
  /** `<pipeline>/<station>`. */
  readonly name: string;
  readonly station: S;
}

/** A parser of `<pipeline>/<station>` for configuration tables: the stations that play `plays`, out of `pipelines`. */
export const stationOf =
  <P extends Station["plays"]>(pipelines: readonly AnyPipeline[], plays: P) =>
  (raw: string): Placed<Extract<Station, { plays: P }>> => {
    const all = stationsThat(pipelines, plays);
    const found = all.find(({ name }) => name === raw);
    if (found === undefined) {
      throw new Error(`must be one of ${all.map(({ name }) => name).join(", ")}`);
    }
    return found;
  };

/** Every station that plays `plays`. */
export function stationsThat<P extends Station["plays"]>(
  pipelines: readonly AnyPipeline[],
  plays: P,
): readonly Placed<Extract<Station, { plays: P }>>[] {
  return pipelines.flatMap((pipeline) =>
    Object.entries(pipeline.stations).flatMap(([name, station]) =>
      playing(station, plays) ? [{ pipeline, name: `${pipeline.name}/${name}`, station }] : [],
    ),
  );
}

/** Whether another station of the pipeline hands on to this one. */
export function isBehind(pipeline: AnyPipeline, station: Station): boolean {
  const names = Object.values(pipeline.stations)
    .flatMap((each) => (playing(each, "relay") ? each.next : []))
    .flatMap((stop) => (stop.via === "broker" ? [] : [stop.station]));
  return names.some((name) => pipeline.stations[name] === station);
}

/** A parser of a pipeline's name for configuration tables. */
export const pipelineOf =
  (pipelines: readonly AnyPipeline[]) =>
  (raw: string): AnyPipeline => {
    const found = pipelines.find(({ name }) => name === raw);
    if (found === undefined) {
      throw new Error(`must be one of ${pipelines.map(({ name }) => name).join(", ")}`);
    }
    return found;
  };

function playing<P extends Station["plays"]>(
  station: Station,
  plays: P,
): station is Extract<Station, { plays: P }> {
  return station.plays === plays;
}
