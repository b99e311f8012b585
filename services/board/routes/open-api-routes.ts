import type { ApiRoute } from "../api-route.ts";
import { type DescribedRoute, openApi } from "../open-api.ts";
import { targetOf } from "../request-target.ts";

const path = "/openapi/json";

/** `GET /openapi/json`: all routes described, `others` that stand beside them too; `GET /openapi` leads there. */
export function openApiRoutes(
  routes: readonly ApiRoute[],
  pipelines: readonly string[],
  others: readonly DescribedRoute[] = [],
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
        const base = targetOf(request).path.slice(0, -path.length);
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
  const document = openApi([...others, ...routes, ...own], pipelines);
  return own;
}
