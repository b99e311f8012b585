import { Elysia } from "elysia";
import { jsonObject } from "../../lib/door/json-object.ts";
import { problem } from "../../lib/door/problem.ts";
import { type Body, readBody } from "../../lib/door/read-body.ts";
import { type EventId, parseEventId } from "../../lib/event/event-id.ts";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { Store } from "../../lib/store/store.ts";
import type { LaneProbe } from "./lane-probe.ts";
import { readLedger } from "./ledger.ts";

/** A pipeline with what the board reads of it. */
export interface BoardSource {
  readonly pipeline: AnyPipeline;
  readonly store: Store;
  /** The pipeline's lanes, by the names that the ledger has for them. */
  readonly lanes: Readonly<Record<string, LaneProbe>>;
}

/** How many ids one request may ask for, and what its body may weigh. */
const idsMax = 1_000;
const bodyLimits = { bytesMax: 65_536, timeoutMs: 10_000 };

/**
 * The routes that read pipelines' stores: `GET /api/<pipeline>/state`, `GET /api/<pipeline>/ledger`, and
 * `POST /api/<pipeline>/missing` with `{"ids"}`, which answers those of up to 1,000 ids that had no effect (yet).
 */
export function createBoard(sources: readonly BoardSource[]): Elysia {
  const board = new Elysia({ name: "board" });
  for (const source of sources) board.use(pipelineRoutes(source));
  return board as unknown as Elysia;
}

function pipelineRoutes({ pipeline, store, lanes }: BoardSource) {
  return new Elysia({ prefix: `/api/${pipeline.name}` })
    .get("/state", () =>
      fromStore(async () => {
        const { keys } = await store.read({ keys: pipeline.state });
        return Object.fromEntries(
          pipeline.state.flatMap(({ key }, index) =>
            keys[index] === undefined ? [] : [[key, keys[index]]],
          ),
        );
      }),
    )
    .get("/ledger", () => fromStore(() => readLedger(() => store.read({}), lanes)))
    .post("/missing", async ({ request }) => missing(store, await readBody(request, bodyLimits)), {
      parse: "none",
    });
}

/** The answer of a store, or that it does not answer. */
async function fromStore(read: () => Promise<unknown>): Promise<Response> {
  try {
    return Response.json(await read());
  } catch {
    return problem({ kind: "unavailable", detail: "the store does not answer" });
  }
}

async function missing(store: Store, body: Body): Promise<Response> {
  if (body.kind !== "bytes") return problem({ kind: body.kind, detail: "the body was not read" });
  const json = jsonObject(body.bytes);
  if (json.kind === "notJson") return problem({ kind: "not-json", detail: json.reason });
  const ids = json.kind === "object" ? readIds(json.fields.ids) : undefined;
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
