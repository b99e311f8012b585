import type { BoardPipeline } from "../api/shapes.ts";
import type { Route } from "../route.ts";

/** What is to be seen: a pipeline's log, a pipeline, that an address leads nowhere, that there is nothing (yet). */
export type Screen =
  | {
      readonly shows: "log";
      readonly pipeline: BoardPipeline;
      readonly log: NonNullable<BoardPipeline["log"]>;
    }
  | { readonly shows: "pipeline"; readonly pipeline: BoardPipeline }
  | { readonly shows: "missing"; readonly address: string }
  | { readonly shows: "empty" }
  | { readonly shows: "waiting" };

/** What a route shows: at home the log of the first pipeline that has one, else the first pipeline. */
export function screenOf(route: Route, pipelines: readonly BoardPipeline[] | undefined): Screen {
  if (route.at === "nowhere") return { shows: "missing", address: route.address };
  if (pipelines === undefined) return { shows: "waiting" };
  if (route.at === "pipeline") {
    const pipeline = pipelines.find(({ name }) => name === route.name);
    return pipeline === undefined
      ? { shows: "missing", address: route.name }
      : { shows: "pipeline", pipeline };
  }
  for (const pipeline of pipelines) {
    if (pipeline.log !== null) return { shows: "log", pipeline, log: pipeline.log };
  }
  const [pipeline] = pipelines;
  return pipeline === undefined ? { shows: "empty" } : { shows: "pipeline", pipeline };
}
