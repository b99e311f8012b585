import { expect, test } from "bun:test";
import { pipelines } from "../../pipelines/all.ts";
import { freePort } from "../parts/ports.ts";
import { startEdge } from "./edge.ts";
import { edgeTargets } from "./edge-targets.ts";
import { type DoorPorts, planServicePorts } from "./service-ports.ts";

function counter(): () => number {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}

const addressOf = (doors: DoorPorts | undefined) => `http://127.0.0.1:${doors?.http}`;

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
  const [one, two] = [server("one"), server("two")];
  resources.use(startEdge(port, (path) => (path.startsWith("/both") ? [one, two] : [one])));
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  return { port, get, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

test("a path leads to who has it, in turn where several do", async () => {
  await using door = await edge();
  expect(await door.get("/clima?a=1")).toBe("one GET /clima?a=1");
  const both = [await door.get("/both"), await door.get("/both")];
  expect(both.sort()).toEqual(["one GET /both", "two GET /both"]);
});

test("paths lead to the stations that have them, and to the boards", () => {
  const ports = planServicePorts(pipelines, { "proyecto3/api": 2 }, {}, counter());
  const targets = edgeTargets(pipelines, ports);
  const at = (place: string) => (ports.stations.get(place) ?? []).map(addressOf);
  const board = (name: string) => [addressOf(ports.boards.get(name))];
  expect(targets("/")).toEqual(at("clima-app/api"));
  expect(targets("/clima")).toEqual(at("clima-app/api"));
  expect(targets("/tweet")).toEqual(at("clima-app/proxy"));
  expect(targets("/clima-app/tweet")).toEqual(at("clima-app/proxy"));
  expect(targets("/proyecto3/tweet")).toEqual(at("proyecto3/api"));
  expect(targets("/proyecto3/tweet")).toHaveLength(2);
  expect(targets("/rust/send_data")).toEqual(at("votaciones/rest-api"));
  expect(targets("/data")).toEqual(at("votaciones/rest-writer"));
  expect(targets("/votaciones/grpc/insert")).toEqual(at("votaciones/grpc-api"));
  expect(targets("/grpc")).toEqual(at("votaciones/grpc-api"));
  expect(targets("/api/votaciones/state")).toEqual(board("votaciones"));
  expect(targets("/api/clima-app/ledger")).toEqual(board("clima-app"));
  expect(targets("/tweets")).toEqual(at("clima-app/api"));
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
  expect(await answer.text()).toBe("one POST /clima tweet");
});

test("a next hop that is away is 503 with Retry-After", async () => {
  const [port, away] = [await freePort(), `http://127.0.0.1:${await freePort()}`];
  await using _edge = startEdge(port, () => [away]);
  const answer = await fetch(`http://127.0.0.1:${port}/clima`, { method: "POST", body: "tweet" });
  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("1");
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
});
