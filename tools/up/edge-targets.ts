import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { routeTable } from "../../lib/pipeline/route-table.ts";
import type { DoorPorts, ServicePorts } from "./service-ports.ts";

/** Where requests of a path are sent, as `http://host:port` of each process that can take them. */
export type EdgeTargets = (path: string) => readonly string[];

/**
 * The way to the services of these pipelines: a route leads to the station that has it, `/api/<pipeline>` to the
 * pipeline's board, anything else to the first station, whose refusal it is.
 */
export function edgeTargets(pipelines: readonly AnyPipeline[], ports: ServicePorts): EdgeTargets {
  const routes = routeTable(pipelines);
  const addresses = (doors: readonly DoorPorts[] | undefined) =>
    (doors ?? []).map(({ http }) => `http://127.0.0.1:${http}`);
  const first = routes.values().next().value?.name ?? "";
  return (path) => {
    const board = ports.boards.get(/^\/api\/([^/]+)/.exec(path)?.[1] ?? "");
    if (board !== undefined) return addresses([board]);
    return addresses(ports.stations.get(routes.get(path)?.name ?? first));
  };
}
