import { problem } from "../../lib/door/problem.ts";
import type { ApiCall, ApiRoute } from "./api-route.ts";
import type { BoardSource } from "./board-source.ts";
import { type Answer, refusal } from "./open-api.ts";

/** A handler of routes that have `:pipeline` in their path; a pipeline that this board has not is 404. */
export function forPipeline(
  sources: readonly BoardSource[],
  handle: (source: BoardSource, call: ApiCall) => Response | Promise<Response>,
): ApiRoute["handle"] {
  const byName = new Map(sources.map((source) => [source.pipeline.name, source]));
  return (call) => {
    const source = byName.get(call.params.pipeline ?? "");
    if (source !== undefined) return handle(source, call);
    const names = [...byName.keys()].join(", ");
    return problem({ kind: "not-found", detail: `this board's pipelines are ${names}` });
  };
}

/** What `forPipeline` refuses. */
export const noPipeline: Readonly<Record<string, Answer>> = {
  404: refusal("This board has no such pipeline."),
};
