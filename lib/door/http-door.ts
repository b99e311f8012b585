import { Elysia } from "elysia";
import { pathsOf } from "../pipeline/route-table.ts";
import type { EventRoute, TextRoute } from "../pipeline/station.ts";
import type { DoorOptions } from "./door-options.ts";
import { httpEvent, type RequestServer } from "./http-event.ts";
import { idempotencyKey, provisionalId } from "./idempotency.ts";
import { createIntake } from "./intake.ts";
import { problem } from "./problem.ts";

type Handler = (request: Request, server?: RequestServer | null) => Response | Promise<Response>;

/** The handlers of one path, by method. */
type Methods = Readonly<Record<string, Handler>>;

/**
 * A station's HTTP routes, as an Elysia app to mount in another with `use`, several of them in one. Each path is served
 * under the pipeline's name as well (`/clima` and `/clima-app/clima`); `serves` says which of them, where not all.
 *
 * OPTIONS is answered with 204 and `Allow`, for that is the question it asks (RFC 9110, section 9.3.7); there is no CORS here.
 */
export function httpDoor(
  options: DoorOptions & { readonly serves?: (path: string) => boolean },
): Elysia {
  const { pipeline, station, authentication, serves = () => true } = options;
  const intake = createIntake({ ...options, schema: pipeline.message });
  const deadlineMs = options.deadlineMs ?? station.deadlineMs;
  const app = new Elysia();
  for (const [path, routes] of Map.groupBy(station.http?.routes ?? [], ({ path }) => path)) {
    const methods = Object.assign(
      {},
      ...routes.map((route) =>
        route.kind === "text"
          ? textMethods(route)
          : {
              POST: httpEvent({
                schema: pipeline.message,
                intake,
                route,
                deadlineMs,
                preferPolicy: options.preferPolicy ?? false,
                authentication,
                label: `${pipeline.name} POST ${path}`,
                admission: options.admission,
                isBehind: options.isBehind ?? false,
              }),
            },
      ),
    ) as Methods;
    const event = routes.find((route) => route.kind === "event");
    const handle = byMethod(methods, event);
    for (const each of pathsOf(pipeline, path).filter(serves)) {
      // The body is read by the handler, within its limits: Elysia's own parser has none.
      if (authentication === undefined) {
        app.all(each, ({ request }) => handle(request), { parse: "none" });
      } else {
        // Elysia adds the server to every context for this handler's sake alone.
        app.all(each, ({ request, server }) => handle(request, server), { parse: "none" });
      }
    }
  }
  return app;
}

function textMethods({ text }: TextRoute): Methods {
  const answer = () => new Response(text);
  return { GET: answer, HEAD: answer };
}

function byMethod(methods: Methods, event: EventRoute | undefined): Handler {
  const allow = [...Object.keys(methods), "OPTIONS"].join(", ");
  return (request, server) => {
    const handle = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
    if (handle !== undefined) return handle(request, server);
    if (request.method === "OPTIONS")
      return new Response(null, { status: 204, headers: { allow } });
    const failure = { kind: "wrong-method", detail: `the methods here are ${allow}` } as const;
    if (event === undefined) return problem(failure, { allow });
    return problem(failure, {
      allow,
      id: provisionalId(request.headers.get(idempotencyKey)),
      wording: { title: event.words?.wrongMethod },
    });
  };
}
