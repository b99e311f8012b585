import { problem } from "../../../lib/door/problem.ts";
import type { ApiRoute } from "../api-route.ts";
import type { BoardSource } from "../board-source.ts";
import { createFeed } from "../feed.ts";
import { forPipeline, noPipeline } from "../for-pipeline.ts";
import type { Listeners } from "../listeners.ts";
import { json, later, refTo } from "../open-api.ts";
import { readSurroundings, readView, snapshotOf, textOf } from "../snapshot.ts";

const streamHeaders = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  // nginx would keep events back until it had a page of them.
  "x-accel-buffering": "no",
};

/** `GET /api/<pipeline>/snapshot`, and `GET /api/<pipeline>/stream`, which goes on with every change. */
export function snapshotRoutes(
  sources: readonly BoardSource[],
  listeners: Listeners,
): readonly ApiRoute[] {
  const feeds = new Map(sources.map((source) => [source, createFeed(source)]));
  return [
    {
      method: "GET",
      path: "/api/:pipeline/snapshot",
      operation: {
        summary: "State, ledger, lag and dead letters at this moment",
        responses: {
          200: json("What answers, null for what does not.", "Snapshot"),
          ...noPipeline,
        },
      },
      handle: forPipeline(sources, async (source) => {
        // The brokers first, as the ledger wants it.
        const around = await readSurroundings(source);
        const snapshot = snapshotOf(source, around, await readView(source));
        return new Response(textOf(JSON.stringify(snapshot)), {
          headers: { "content-type": "application/json;charset=utf-8" },
        });
      }),
    },
    {
      method: "GET",
      path: "/api/:pipeline/stream",
      operation: {
        summary: "Snapshots as they change, as server-sent events",
        responses: {
          200: {
            description:
              "Events named `snapshot`, whose data is a snapshot: at once, and after changes, four a second at most.",
            content: { "text/event-stream": { schema: refTo("Snapshot") } },
          },
          ...noPipeline,
          503: later("As many listen as may."),
        },
      },
      handle: forPipeline(sources, (source, { request, server }) => {
        const feed = feeds.get(source);
        const stream = feed && listeners.open(feed, { request, server });
        if (stream === undefined) {
          const detail = "as many listen to this board as may, or it is about to end";
          return problem({ kind: "unavailable", detail }, { wording: { title: "no room" } });
        }
        return new Response(stream, { headers: streamHeaders });
      }),
    },
  ];
}
