import { stationsThat } from "../../../lib/pipeline/find-station.ts";
import type { AnyPipeline } from "../../../lib/pipeline/pipeline.ts";
import { pathsOf } from "../../../lib/pipeline/route-table.ts";

/** Where events of a pipeline can be sent. */
export interface Door {
  readonly kind: "http" | "grpc";
  /** Such as `POST /clima-app/clima`, or `/weathertweet.WeatherTweetService/SendTweet`. */
  readonly name: string;
  readonly pipeline: AnyPipeline;
  /** The path of the route, or of the method. */
  readonly path: string;
  /** The status of a success. */
  readonly success: number;
  /** The key of a client that it asks for; undefined where it asks for none. */
  readonly clientKey?: string | undefined;
}

/** Every HTTP event route and every RPC of the pipelines, each once, routes under their pipelines' names. */
export function doorsOf(pipelines: readonly AnyPipeline[]): readonly Door[] {
  const doors = stationsThat(pipelines, "relay").flatMap(({ pipeline, station }): Door[] => [
    ...(station.http?.routes ?? []).flatMap((route): Door[] => {
      if (route.kind !== "event") return [];
      const path = pathsOf(pipeline, route.path)[1];
      const success = route.reply.status;
      return [{ kind: "http", name: `POST ${path}`, pipeline, path, success }];
    }),
    ...(station.grpc?.rpcs ?? []).map(({ method }): Door => {
      const path = `/${method.parent.typeName}/${method.name}`;
      return { kind: "grpc", name: path, pipeline, path, success: 0 };
    }),
  ]);
  // Of several stations with one path the first answers.
  return [...new Map(doors.toReversed().map((door) => [door.name, door])).values()].toReversed();
}

/**
 * The doors whose name holds one of the words, all where there is no word.
 *
 * @throws Error for a word that no door has.
 */
export function chosenDoors(doors: readonly Door[], words: readonly string[]): readonly Door[] {
  const lost = words.find((word) => !doors.some(({ name }) => name.includes(word)));
  if (lost !== undefined) {
    const names = doors.map(({ name }) => name).join(", ");
    throw new Error(`Cannot find a door: it must be of ${names}: current value is ${lost}`);
  }
  return words.length === 0
    ? doors
    : doors.filter(({ name }) => words.some((word) => name.includes(word)));
}
