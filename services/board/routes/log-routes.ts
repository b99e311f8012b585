import { problem } from "../../../lib/door/problem.ts";
import type { EventLog } from "../../../lib/store/event-log.ts";
import type { ApiRoute } from "../api-route.ts";
import type { BoardSource } from "../board-source.ts";
import { forPipeline, noPipeline } from "../for-pipeline.ts";
import { newestRows } from "../log-rows.ts";
import { json, type Operation, plain, refusal } from "../open-api.ts";
import { badLimit, limitParameter, withLimit } from "../query-limit.ts";

const operation: Operation = {
  summary: "The newest records of a pipeline's log, by date",
  parameters: [limitParameter],
  responses: {
    200: json("The records, the newest first.", "LogRows"),
    ...badLimit,
    404: refusal("There is no such log."),
    500: plain("The log does not answer: `Error getting logs`."),
  },
};

/** `GET /api/logs`, which the first pipeline with a log answers, and `GET /api/<pipeline>/logs`. */
export function logRoutes(sources: readonly BoardSource[]): readonly ApiRoute[] {
  const first = sources.find(({ log }) => log !== undefined);
  return [
    {
      method: "GET",
      path: "/api/logs",
      operation: { ...operation, summary: `${operation.summary}: of the first that has one` },
      handle: ({ request }) => logsOf(first?.log, request),
    },
    {
      method: "GET",
      path: "/api/:pipeline/logs",
      operation: { ...operation, responses: { ...noPipeline, ...operation.responses } },
      handle: forPipeline(sources, ({ log }, { request }) => logsOf(log, request)),
    },
  ];
}

function logsOf(log: Pick<EventLog, "newest"> | undefined, request: Request) {
  if (log === undefined) return problem({ kind: "not-found", detail: "there is no log here" });
  return withLimit(request, async (limit) => {
    try {
      return Response.json(await newestRows(log, limit));
    } catch {
      // The reference's words; its page knows them.
      return new Response("Error getting logs", { status: 500 });
    }
  });
}
