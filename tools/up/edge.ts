import type { EdgeTargets } from "./edge-targets.ts";

/** Headers that belong to one connection, not to the message that crosses it (RFC 9110, 7.6.1). */
const hopHeaders = ["connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];

function withoutHop(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of hopHeaders) kept.delete(name);
  return kept;
}

async function forward(request: Request, address: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  try {
    const answer = await fetch(`${address}${pathname}${search}`, {
      method: request.method,
      headers: withoutHop(request.headers),
      body: request.body,
      redirect: "manual",
      decompress: false,
      signal: request.signal,
    });
    return new Response(answer.body, {
      status: answer.status,
      statusText: answer.statusText,
      headers: withoutHop(answer.headers),
    });
  } catch {
    const problem = { type: "about:blank", title: "the next hop does not answer", status: 503 };
    return Response.json(problem, {
      status: 503,
      headers: { "content-type": "application/problem+json", "retry-after": "1" },
    });
  }
}

/**
 * Serves one HTTP port in front of our services, as the Ingress does in a cluster: by path, in turn among those that can
 * take it, bodies as streams, status and headers as they come. A next hop that does not answer is a 503 with `Retry-After`.
 */
export function startEdge(port: number, targets: EdgeTargets): AsyncDisposable {
  let turn = 0;
  const server = Bun.serve({
    port,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    // Limits are the services' own: theirs is the reply that says so.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    fetch: (request) => {
      const addresses = targets(new URL(request.url).pathname);
      turn += 1;
      return forward(request, addresses[turn % addresses.length] ?? "");
    },
  });
  return { [Symbol.asyncDispose]: () => server.stop(true) };
}
