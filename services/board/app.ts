import { Elysia } from "elysia";
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

/** How many ids one request may ask for. */
const idsMax = 1_000;

/**
 * The routes that read a pipeline's stores: `GET /api/<pipeline>/state`, `GET /api/<pipeline>/ledger`, and
 * `POST /api/<pipeline>/missing` `{ids}`, which answers those of up to 1,000 ids that had no effect (yet).
 */
export function createBoard(sources: readonly BoardSource[]) {
  const board = new Elysia({ name: "board" }).onError(({ code, status }) => {
    if (code === "NOT_FOUND") return status(404, problem(404, "not found"));
    if (code === "PARSE") return status(400, problem(400, "bad json"));
    return status(503, problem(503, "the store does not answer"));
  });
  for (const source of sources) board.use(pipelineRoutes(source));
  return board;
}

function pipelineRoutes({ pipeline, store, lanes }: BoardSource) {
  return new Elysia({ prefix: `/api/${pipeline.name}` })
    .get("/state", async () => {
      const { keys } = await store.read({ keys: pipeline.state });
      return Object.fromEntries(
        pipeline.state.flatMap(({ key }, index) =>
          keys[index] === undefined ? [] : [[key, keys[index]]],
        ),
      );
    })
    .get("/ledger", () => readLedger(() => store.read({}), lanes))
    .post("/missing", async ({ body, status }) => {
      const ids = readIds(body);
      if (ids === undefined) return status(422, problem(422, `ids must be 1 to ${idsMax} UUIDv7`));
      const { ids: stored } = await store.read({ ids });
      return { missing: ids.filter((_, index) => stored[index] !== true) };
    });
}

function problem(status: number, title: string) {
  return { type: "about:blank", title, status };
}

function readIds(body: unknown): readonly EventId[] | undefined {
  if (typeof body !== "object" || body === null || !("ids" in body) || !Array.isArray(body.ids)) {
    return undefined;
  }
  if (body.ids.length === 0 || body.ids.length > idsMax) return undefined;
  const ids = body.ids.map((each) => (typeof each === "string" ? parseEventId(each) : undefined));
  return ids.every((each) => each !== undefined) ? ids : undefined;
}
