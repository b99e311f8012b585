/** The most requests of a run. */
export const requestsMax = 10_000_000;

/** One event as a load tool sends it. */
export interface LoadEvent {
  /** The JSON that is posted. */
  readonly body: object;
  /** The counts of the pipeline's state that it raises by 1: `<key>`, or `<key> <field>` of a hash. */
  readonly effects: readonly string[];
}

/**
 * What load tools send to a pipeline, and which counts of its state they compare afterwards. Mixes use nothing of Bun or
 * Node, since k6 runs them as well.
 */
export interface Mix {
  readonly pipeline: string;
  /** Where events go, by name; where there are several, each event takes one at random. */
  readonly routes: Readonly<Record<string, string>>;
  /** How many requests the standard run makes. */
  readonly requests: number;
  /** Keys of the state, all of whose counts are compared. */
  readonly compared: readonly string[];
  /** The event of the request with this index, from 0. */
  event(index: number): LoadEvent;
}

/**
 * The paths to choose from: those of every route (`random`), of one route by its name, or a path as it stands.
 *
 * @throws Error where `route` is none of these.
 */
export function pathsOf({ pipeline, routes }: Mix, route: string): readonly string[] {
  if (route === "random") return Object.values(routes);
  if (route.startsWith("/")) return [route];
  const path = new Map(Object.entries(routes)).get(route);
  if (path !== undefined) return [path];
  throw new Error(
    `Cannot find a route of ${pipeline}: must be ${Object.keys(routes).join(", ")}, random or a path: current value is ${route}`,
  );
}
