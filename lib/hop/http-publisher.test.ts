import { describe, expect, test } from "bun:test";
import { WeatherTweetRequestSchema as schema } from "../../gen/weathertweet/weathertweet_pb.ts";
import { tcpServer } from "../testing/tcp-server.ts";
import { deadlineSuite } from "./deadline.suite.ts";
import { httpPublisher } from "./http-publisher.ts";
import { preferenceSuite } from "./preference.suite.ts";
import { type HopUnderTest, hopSuite, outcome, someEvent } from "./publisher.suite.ts";
import { httpStation } from "./testing/http-station.ts";

const soon = () => ({ deadlineAtMs: Date.now() + 2_000 });

const underTest: HopUnderTest = {
  serve: httpStation,
  connect: (address, inFlightMax = 1_000) =>
    httpPublisher({ schema, address: `${address}/clima`, inFlightMax }),
};

hopSuite("the HTTP hop", underTest);
deadlineSuite("the HTTP hop", underTest);
preferenceSuite("the HTTP hop", underTest);

/** A server that answers every request with `answer`. */
function foreignServer(answer: (request: Request) => Response | Promise<Response>) {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
  const hop = httpPublisher({ schema, address: `http://127.0.0.1:${server.port}/tweet` });
  return {
    hop,
    publish: async () => (await hop.publish([someEvent()], soon()))[0],
    [Symbol.asyncDispose]: async () => {
      await hop[Symbol.asyncDispose]();
      await server.stop(true);
    },
  };
}

test("a second API of the reference gets the names of enums in lower case, and the id as Idempotency-Key", async () => {
  const seen: unknown[] = [];
  await using server = foreignServer(async (request) => {
    seen.push(new URL(request.url).pathname, request.headers.get("content-type"));
    seen.push(request.headers.get("idempotency-key"), await request.json());
    return Response.json({ status: "ok" });
  });
  const event = someEvent();
  await server.hop.publish([event], soon());
  expect(seen).toEqual([
    "/tweet",
    "application/json",
    event.id,
    { municipality: "guatemala", temperature: 25, humidity: 60, weather: "sunny" },
  ]);
});

describe("the status decides", () => {
  for (const [status, expected] of [
    [200, "stored"],
    [202, "stored"],
    [204, "stored"],
    [301, "unavailable"],
    [307, "unavailable"],
    [400, "invalid"],
    [404, "unavailable"],
    [405, "unavailable"],
    [409, "conflict"],
    [413, "invalid"],
    [422, "invalid"],
    [429, "overloaded"],
    [500, "unavailable"],
    [502, "unavailable"],
    [503, "unavailable"],
  ] as const) {
    test(`${status} is ${expected}`, async () => {
      const headers = { location: "http://127.0.0.1:1/elsewhere" };
      await using server = foreignServer(() => new Response(null, { status, headers }));
      expect(outcome(await server.publish())).toBe(expected);
    });
  }
});

test("a refusal after a connection that broke leaves unknown what the first request did", async () => {
  let requests = 0;
  await using server = await tcpServer((socket) => {
    socket.on("data", () => {
      requests += 1;
      if (requests === 1) socket.resetAndDestroy();
      else socket.end("HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n");
    });
  });
  await using hop = httpPublisher({ schema, address: `${server.address}/tweet` });
  const [result] = await hop.publish([someEvent()], soon());
  expect([result && outcome(result), requests]).toEqual(["unavailable", 2]);
});

test("whatever a reply holds, it does no harm", async () => {
  const bodies = ["not JSON", "null", '{"lanes":[1]}', '{"lanes":{}}', "x".repeat(1_000_000)];
  for (const body of bodies) {
    await using server = foreignServer(() => new Response(body, { status: 503 }));
    expect(outcome(await server.publish())).toBe("unavailable");
  }
});

test("it is ready where anything but a failure answers", async () => {
  let status = 405;
  await using server = foreignServer(() => new Response(null, { status }));
  expect(await server.hop.ready()).toBe(true);
  status = 503;
  expect(await server.hop.ready()).toBe(false);
});
