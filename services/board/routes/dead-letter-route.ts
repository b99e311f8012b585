import type { DeadLetters } from "../../../lib/broker/dead-letters.ts";
import { problem } from "../../../lib/door/problem.ts";
import { within } from "../../../lib/pause.ts";
import type { ApiRoute } from "../api-route.ts";
import type { BoardSource } from "../board-source.ts";
import { forPipeline, noPipeline } from "../for-pipeline.ts";
import { type Letter, letterOf } from "../letter.ts";
import { json, later } from "../open-api.ts";
import { badLimit, limitParameter, withLimit } from "../query-limit.ts";

/** Longer than any driver takes by itself. */
const readMs = 15_000;

/** `GET /api/<pipeline>/dead-letters`: the newest messages that were set aside, over all lanes; it leaves them there. */
export function deadLetterRoute(sources: readonly BoardSource[]): ApiRoute {
  return {
    method: "GET",
    path: "/api/:pipeline/dead-letters",
    operation: {
      summary: "The newest messages that were set aside, which stay where they are",
      parameters: [limitParameter],
      responses: {
        200: json("The letters, the newest first.", "DeadLetters"),
        ...badLimit,
        ...noPipeline,
        503: later("No lane's broker answers."),
      },
    },
    handle: forPipeline(sources, (source, { request }) =>
      withLimit(request, (limit) => lettersOf(source, limit)),
    ),
  };
}

async function lettersOf(
  { pipeline, deadLetters = {} }: BoardSource,
  limit: number,
): Promise<Response> {
  const lanes = Object.entries(deadLetters);
  const found = await Promise.allSettled(
    lanes.map(([lane, reader]) =>
      within(
        "read dead letters",
        readMs,
        newestOf(reader, { pipeline: pipeline.name, lane }, limit),
      ),
    ),
  );
  const away = lanes.flatMap(([lane], index) =>
    found[index]?.status === "rejected" ? [lane] : [],
  );
  if (lanes.length > 0 && away.length === lanes.length) {
    return problem(
      { kind: "unavailable", detail: `no broker answers: ${away.join(", ")}` },
      { wording: { title: "away" } },
    );
  }
  const letters = found
    .flatMap((lane) => (lane.status === "fulfilled" ? lane.value : []))
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .slice(0, limit);
  return Response.json({ letters, away });
}

async function newestOf(
  reader: Pick<DeadLetters, "read">,
  where: { readonly pipeline: string; readonly lane: string },
  limit: number,
): Promise<readonly Letter[]> {
  const letters: Letter[] = [];
  for await (const waiting of reader.read({ first: "newest" })) {
    letters.push(letterOf(where, waiting));
    if (letters.length >= limit) break;
  }
  return letters;
}
