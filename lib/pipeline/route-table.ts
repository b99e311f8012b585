import { type Placed, stationsThat } from "./find-station.ts";
import type { AnyPipeline } from "./pipeline.ts";
import type { RelayStation } from "./station.ts";

/** The paths of one HTTP route: as the station has it, and under its pipeline's name. */
export function pathsOf(pipeline: AnyPipeline, path: string): readonly [string, string] {
  return [path, `/${pipeline.name}${path}`];
}

/** The paths that take a pipeline's events, under its name, its stations' first. */
export function eventPathsOf(pipeline: AnyPipeline): readonly string[] {
  const routes = stationsThat([pipeline], "relay").flatMap(
    ({ station }) => station.http?.routes ?? [],
  );
  const paths = routes.flatMap((route) => (route.kind === "event" ? [route.path] : []));
  return [...new Set(paths)].map((path) => pathsOf(pipeline, path)[1]);
}

/**
 * Which station answers a path where all of them share one HTTP port. Of a path that several have, the first pipeline's
 * first station gets it; every pipeline's routes are there under its name.
 */
export function routeTable(
  pipelines: readonly AnyPipeline[],
): ReadonlyMap<string, Placed<RelayStation>> {
  const table = new Map<string, Placed<RelayStation>>();
  for (const placed of stationsThat(pipelines, "relay")) {
    const routes = placed.station.http?.routes ?? [];
    for (const path of routes.flatMap((route) => pathsOf(placed.pipeline, route.path))) {
      if (!table.has(path)) table.set(path, placed);
    }
  }
  return table;
}
