/** Pages of which origins may read the API: those of a list, or `*` for all. */
export type Origins = "*" | readonly string[];

/** How long a browser may remember what a preflight said. */
const rememberS = "600";

/** Names the headers of a reply that pages of other origins may read, beside those that they always may. */
const readable = "retry-after";

/** Lets the page that a request came from read the reply, where its origin is among those that may. */
export function allowOrigin(response: Response, request: Request, origins: Origins): Response {
  const { headers } = response;
  if (origins !== "*") {
    if (origins.length === 0) return response;
    // Whatever keeps the reply must not give it to pages of another origin.
    headers.append("vary", "origin");
  }
  const allowed = allowedOrigin(request, origins);
  if (allowed === undefined) return response;
  headers.set("access-control-allow-origin", allowed);
  headers.set("access-control-expose-headers", readable);
  return response;
}

/** Answers OPTIONS: which methods there are, and to a browser's preflight that its page may use them. */
export function preflight(
  request: Request,
  origins: Origins,
  methods: readonly string[],
): Response {
  const allow = methods.join(", ");
  const response = new Response(null, { status: 204, headers: { allow } });
  if (!request.headers.has("access-control-request-method")) {
    return allowOrigin(response, request, origins);
  }
  if (allowedOrigin(request, origins) !== undefined) {
    response.headers.set("access-control-allow-methods", allow);
    response.headers.set("access-control-allow-headers", "content-type");
    response.headers.set("access-control-max-age", rememberS);
  }
  return allowOrigin(response, request, origins);
}

function allowedOrigin(request: Request, origins: Origins): string | undefined {
  if (origins === "*") return "*";
  const origin = request.headers.get("origin");
  return origins.find((each) => each === origin);
}
