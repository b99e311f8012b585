import type { View, Words } from "../../../lib/pipeline/view.ts";
import type { ApiRoute } from "../api-route.ts";
import type { BoardSource } from "../board-source.ts";
import { json } from "../open-api.ts";

/** A pipeline as pages know it. */
interface ListedPipeline {
  readonly name: string;
  readonly title: Words;
  readonly panels: View["panels"];
  readonly log: View["log"] | null;
  readonly lanes: readonly string[];
}

/** `GET /api/pipelines`: what this board shows, and how a page draws it. */
export function pipelineListRoute(sources: readonly BoardSource[]): ApiRoute {
  const list = { pipelines: sources.map(listed) };
  return {
    method: "GET",
    path: "/api/pipelines",
    operation: {
      summary: "The pipelines of this board, and how a page draws them",
      responses: { 200: json("Every pipeline of this board.", "Pipelines") },
    },
    handle: () => Response.json(list),
  };
}

function listed({ pipeline: { name, view }, log, lanes }: BoardSource): ListedPipeline {
  return {
    name,
    title: view?.title ?? { en: name, es: name },
    panels: view?.panels ?? [],
    log: (log && view?.log) ?? null,
    lanes: Object.keys(lanes),
  };
}
