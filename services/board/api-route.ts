import type { Server } from "bun";
import { Elysia } from "elysia";
import { problem } from "../../lib/door/problem.ts";
import { allowOrigin, type Origins, preflight } from "./cors.ts";
import type { Operation } from "./open-api.ts";

/** A request to a route of the API. */
export interface ApiCall {
  readonly request: Request;
  /** What stands in the path's places, by their names. */
  readonly params: Readonly<Record<string, string>>;
  /** The server that it came by; null where there is none, as in tests. */
  readonly server: Server<unknown> | null;
}

/** A route of the API, with what is told of it at `/openapi`. */
export interface ApiRoute {
  readonly method: "GET" | "POST";
  /** As Elysia writes it, such as `/api/:pipeline/state`. */
  readonly path: string;
  readonly operation: Operation;
  handle(call: ApiCall): Response | Promise<Response>;
}

/**
 * An app of these routes, below each of `bases`: HEAD is GET without a body, OPTIONS says what is allowed, also to pages
 * of other origins; another method, or another path below `/api`, is a problem.
 */
export function apiApp(
  routes: readonly ApiRoute[],
  { bases, origins }: { readonly bases: readonly string[]; readonly origins: Origins },
): Elysia {
  const app = new Elysia();
  for (const [path, onPath] of Map.groupBy(routes, ({ path }) => path)) {
    const answer = byMethod(onPath, origins);
    for (const base of bases) {
      // Bodies are read by the handlers, within their limits.
      app.all(
        base + path,
        ({ request, params, server }) => answer({ request, params: { ...params }, server }),
        { parse: "none" },
      );
    }
  }
  const nothing = ({ request }: { readonly request: Request }) =>
    allowOrigin(
      problem({ kind: "not-found", detail: "the API has no such path: see /openapi" }),
      request,
      origins,
    );
  for (const base of bases) app.all(`${base}/api/*`, nothing, { parse: "none" });
  return app as unknown as Elysia;
}

function byMethod(routes: readonly ApiRoute[], origins: Origins) {
  const handlers = new Map<string, ApiRoute["handle"]>(
    routes.map(({ method, handle }) => [method, handle]),
  );
  const get = handlers.get("GET");
  if (get !== undefined) handlers.set("HEAD", async (call) => withoutBody(await get(call)));
  const methods = [...handlers.keys(), "OPTIONS"];
  const allow = methods.join(", ");
  return async (call: ApiCall): Promise<Response> => {
    const { request } = call;
    const handle = handlers.get(request.method);
    if (handle !== undefined) return allowOrigin(await handle(call), request, origins);
    if (request.method === "OPTIONS") return preflight(request, origins, methods);
    const detail = `the methods here are ${allow}`;
    return allowOrigin(problem({ kind: "wrong-method", detail }, { allow }), request, origins);
  };
}

async function withoutBody(response: Response): Promise<Response> {
  const { status, headers } = response;
  await response.body?.cancel();
  return new Response(null, { status, headers });
}
