import { stationsThat } from "../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";

/** The ports of one process of ours, all on loopback. */
export type DoorPorts = {
  readonly http?: number;
  readonly grpc?: number;
  readonly admin: number;
};

/** The ports of all processes of ours. */
export interface ServicePorts {
  /** Those of each replica of a station, by `<pipeline>/<station>`. */
  readonly stations: ReadonlyMap<string, readonly DoorPorts[]>;
  /** Those of each pipeline's board. */
  readonly boards: ReadonlyMap<string, DoorPorts>;
}

/** How many processes play a station, by `<pipeline>/<station>`; one where nothing is said. */
export type Replicas = Readonly<Record<string, number>>;

/** The name of a process: its place, with a number from the second replica on. */
export function processName(place: string, replica: number): string {
  const name = place.replaceAll("/", "-");
  return replica === 0 ? name : `${name}-${replica + 1}`;
}

/**
 * The stations that have a gRPC door, in the order of the pipelines and of the stations' own ports: it decides which port
 * each gets where they follow each other.
 */
export function grpcPlaces(pipelines: readonly AnyPipeline[]): readonly string[] {
  return pipelines.flatMap((pipeline) =>
    stationsThat([pipeline], "relay")
      .flatMap(({ name, station: { grpc } }) =>
        grpc === undefined ? [] : [{ name, port: grpc.port }],
      )
      .sort((a, b) => a.port - b.port)
      .map(({ name }) => name),
  );
}

/** Ports for the stations and boards of these pipelines, `grpc` holding those of first replicas that were chosen. */
export function planServicePorts(
  pipelines: readonly AnyPipeline[],
  replicas: Replicas,
  grpc: Readonly<Record<string, number>>,
  next: () => number,
): ServicePorts {
  const doors = (name: string, station: { readonly http?: unknown; readonly grpc?: unknown }) =>
    Array.from(
      { length: replicas[name] ?? 1 },
      (_, replica): DoorPorts => ({
        ...(station.http === undefined ? {} : { http: next() }),
        ...(station.grpc === undefined
          ? {}
          : { grpc: (replica === 0 ? grpc[name] : undefined) ?? next() }),
        admin: next(),
      }),
    );
  const relays = stationsThat(pipelines, "relay").map(
    ({ name, station }) => [name, doors(name, station)] as const,
  );
  const consumers = stationsThat(pipelines, "consumer").map(
    ({ name }) => [name, doors(name, {})] as const,
  );
  return {
    stations: new Map([...relays, ...consumers]),
    boards: new Map(pipelines.map(({ name }) => [name, { http: next(), admin: next() }])),
  };
}

/** How many ports `planServicePorts` asks for at most. */
export function servicePortsMax(pipelines: readonly AnyPipeline[], replicas: Replicas): number {
  const places = [...stationsThat(pipelines, "relay"), ...stationsThat(pipelines, "consumer")];
  return places.reduce((sum, { name }) => sum + 3 * (replicas[name] ?? 1), 2 * pipelines.length);
}
