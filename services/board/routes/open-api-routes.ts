import type { ApiRoute } from "../api-route.ts";
import { openApi } from "../open-api.ts";

const path = "/openapi/json";

/** `GET /openapi/json`: all routes described; `GET /openapi` leads there. */
export function openApiRoutes(
  routes: readonly ApiRoute[],
  pipelines: readonly string[],
): readonly ApiRoute[] {
  const own: ApiRoute[] = [
    {
      method: "GET",
      path,
      operation: {
        summary: "This description",
        responses: {
          200: {
            description: "OpenAPI 3.1.",
            content: { "application/json": { schema: { type: "object" } } },
          },
        },
      },
      handle: ({ request }) => {
        const base = new URL(request.url).pathname.slice(0, -path.length);
        return Response.json({ ...document, servers: [{ url: base || "/" }] });
      },
    },
    {
      method: "GET",
      path: "/openapi",
      operation: {
        summary: "Leads to the description",
        responses: { 302: { description: "To `/openapi/json`." } },
      },
      handle: ({ request }) => {
        // Relative, since what stands before it may be known to a proxy alone.
        const location = request.url.endsWith("/") ? "json" : "openapi/json";
        return new Response(null, { status: 302, headers: { location } });
      },
    },
  ];
  const document = openApi([...routes, ...own], pipelines);
  return own;
}
