import { jsonObject } from "../../../lib/door/json-object.ts";
import { problem } from "../../../lib/door/problem.ts";
import { type Body, readBody } from "../../../lib/door/read-body.ts";
import { type EventId, parseEventId } from "../../../lib/event/event-id.ts";
import { readLedger } from "../../../lib/ledger/ledger.ts";
import type { Store } from "../../../lib/store/store.ts";
import type { ApiRoute } from "../api-route.ts";
import type { BoardSource } from "../board-source.ts";
import { forPipeline, noPipeline } from "../for-pipeline.ts";
import { fromStore } from "../from-store.ts";
import { json, later, refTo, refusal } from "../open-api.ts";
import { stateOf } from "../state.ts";

/** How many ids one request may ask for, and what its body may weigh. */
const idsMax = 1_000;
const bodyLimits = { bytesMax: 65_536, timeoutMs: 10_000 };
const away = { 503: later("The store does not answer.") };

/** What a pipeline's store holds: `state`, `ledger`, and the ids of a list that had no effect (yet). */
export function storeRoutes(sources: readonly BoardSource[]): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: "/api/:pipeline/state",
      operation: {
        summary: "What the events of a pipeline add up to",
        responses: { 200: json("The store's state.", "State"), ...noPipeline, ...away },
      },
      handle: forPipeline(sources, ({ pipeline, store }) =>
        fromStore(async () => stateOf(pipeline, await store.read({ keys: pipeline.state }))),
      ),
    },
    {
      method: "GET",
      path: "/api/:pipeline/ledger",
      operation: {
        summary: "That every delivery is accounted for",
        responses: { 200: json("The ledger.", "Ledger"), ...noPipeline, ...away },
      },
      handle: forPipeline(sources, ({ store, lanes }) =>
        fromStore(() => readLedger(() => store.read({}), lanes)),
      ),
    },
    {
      method: "POST",
      path: "/api/:pipeline/missing",
      operation: {
        summary: "Which of up to 1,000 events had no effect (yet)",
        requestBody: { required: true, content: { "application/json": { schema: refTo("Ids") } } },
        responses: {
          200: json("Those of the ids that had no effect.", "Missing"),
          400: refusal("The body is no JSON."),
          408: refusal("The body came too slowly."),
          413: refusal("The body is larger than 64 KiB."),
          422: refusal("The body has no list of 1 to 1,000 UUIDv7."),
          ...noPipeline,
          ...away,
        },
      },
      handle: forPipeline(sources, async ({ store }, { request }) =>
        missing(store, await readBody(request, bodyLimits)),
      ),
    },
  ];
}

async function missing(store: Store, body: Body): Promise<Response> {
  if (body.kind !== "bytes") return problem({ kind: body.kind, detail: "the body was not read" });
  const read = jsonObject(body.bytes);
  if (read.kind === "notJson") return problem({ kind: "not-json", detail: read.reason });
  const ids = read.kind === "object" ? readIds(read.fields.ids) : undefined;
  if (ids === undefined) {
    return problem({ kind: "fields", detail: `ids must be a list of 1 to ${idsMax} UUIDv7` });
  }
  return fromStore(async () => {
    const view = await store.read({ ids });
    return { missing: ids.filter((_, index) => view.ids[index] !== true) };
  });
}

function readIds(raw: unknown): readonly EventId[] | undefined {
  if (!Array.isArray(raw) || raw.length === 0 || raw.length > idsMax) return undefined;
  const ids = raw.map((each) => (typeof each === "string" ? parseEventId(each) : undefined));
  return ids.every((each) => each !== undefined) ? ids : undefined;
}
