import { Elysia } from "elysia";
import { type ApiRoute, apiApp } from "./api-route.ts";
import type { BoardSource } from "./board-source.ts";
import type { Origins } from "./cors.ts";
import { createListeners, type Listeners } from "./listeners.ts";
import { type DescribedRoute, plain } from "./open-api.ts";
import type { Page } from "./page/page.ts";
import { pageApp } from "./page/page-app.ts";
import { deadLetterRoute } from "./routes/dead-letter-route.ts";
import { logRoutes } from "./routes/log-routes.ts";
import { openApiRoutes } from "./routes/open-api-routes.ts";
import { pipelineListRoute } from "./routes/pipeline-list.ts";
import { snapshotRoutes } from "./routes/snapshot-routes.ts";
import { storeRoutes } from "./routes/store-routes.ts";

/** How a board is served. */
export interface BoardOptions {
  /** Who listens to its streams; to be disposed before the server waits for requests in flight. */
  readonly listeners?: Listeners;
  /**
   * Pages of which other origins may read the API.
   * @default none
   */
  readonly origins?: Origins;
  /**
   * A path, such as `/board`, below which everything is served a second time, for a proxy that leaves it on.
   * @default ""
   */
  readonly basePath?: string;
  /** The page that is served at `/`; without it `/` says that it is not built. */
  readonly page?: Page | undefined;
  /**
   * What `/` answers to whoever does not ask for HTML.
   * @default "ok"
   */
  readonly bare?: string | undefined;
  /**
   * Routes of others on the same port, which the description tells of as well.
   * @default none
   */
  readonly others?: readonly DescribedRoute[];
}

/** The API over pipelines' stores and brokers, its description, and the page; only `/` and `/assets` are not JSON. */
export function createBoard(
  sources: readonly BoardSource[],
  {
    listeners = createListeners(),
    origins = [],
    basePath = "",
    page,
    bare = "ok",
    others = [],
  }: BoardOptions = {},
): Elysia {
  const bases = [...new Set(["", basePath])];
  const routes: readonly ApiRoute[] = [
    helloRoute,
    pipelineListRoute(sources),
    ...storeRoutes(sources),
    ...snapshotRoutes(sources, listeners),
    deadLetterRoute(sources),
    ...logRoutes(sources),
  ];
  const description = openApiRoutes(
    routes,
    sources.map(({ pipeline }) => pipeline.name),
    others,
  );
  return new Elysia({ name: "board" })
    .use(apiApp([...routes, ...description], { bases, origins }))
    .use(pageApp({ page, bases, bare })) as unknown as Elysia;
}

/** The reference's sign of life. */
const helloRoute: ApiRoute = {
  method: "GET",
  path: "/api",
  operation: { summary: "A sign of life", responses: { 200: plain("`Hello World`.") } },
  handle: () => new Response("Hello World"),
};
