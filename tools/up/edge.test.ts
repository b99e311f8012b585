import { expect, test } from "bun:test";
import { freePort } from "../parts/ports.ts";
import { startEdge } from "./edge.ts";

/** An edge in front of three servers that answer with their name, the path and the body they got. */
async function edge() {
  const resources = new AsyncDisposableStack();
  const server = (name: string) => {
    const echo = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        const { pathname, search } = new URL(request.url);
        const headers = { "x-seen": request.headers.get("idempotency-key") ?? "" };
        const text = `${name} ${request.method} ${pathname}${search} ${await request.text()}`;
        return new Response(text.trim(), { status: 202, headers });
      },
    });
    resources.defer(() => echo.stop(true));
    return `http://127.0.0.1:${echo.port}`;
  };
  const port = await freePort();
  const targets = { api: server("api"), proxy: server("proxy"), board: server("board") };
  resources.use(startEdge(port, targets));
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  return { port, get, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

test("paths lead to the service that has them", async () => {
  await using door = await edge();
  expect(await door.get("/")).toBe("api GET /");
  expect(await door.get("/clima?a=1")).toBe("api GET /clima?a=1");
  expect(await door.get("/clima-app/clima")).toBe("api GET /clima-app/clima");
  expect(await door.get("/tweet")).toBe("proxy GET /tweet");
  expect(await door.get("/clima-app/tweet")).toBe("proxy GET /clima-app/tweet");
  expect(await door.get("/tweets")).toBe("api GET /tweets");
  expect(await door.get("/api/clima-app/state")).toBe("board GET /api/clima-app/state");
  expect(await door.get("/clima-app/api/x")).toBe("board GET /api/x");
  expect(await door.get("/health")).toBe("ok\n");
});

test("method, body, headers and status cross unchanged", async () => {
  await using door = await edge();
  const answer = await fetch(`http://127.0.0.1:${door.port}/clima`, {
    method: "POST",
    body: "tweet",
    headers: { "idempotency-key": "one" },
  });
  expect(answer.status).toBe(202);
  expect(answer.headers.get("x-seen")).toBe("one");
  expect(await answer.text()).toBe("api POST /clima tweet");
});

test("a next hop that is away is 503 with Retry-After", async () => {
  const [port, away] = [await freePort(), `http://127.0.0.1:${await freePort()}`];
  await using _edge = startEdge(port, { api: away, proxy: away, board: away });
  const answer = await fetch(`http://127.0.0.1:${port}/clima`, { method: "POST", body: "tweet" });
  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("1");
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
});
