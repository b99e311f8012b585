import { describe, expect, test } from "bun:test";
import { grpcJsClient, grpcJsService } from "../rpc/testing/grpc-js.ts";
import { frame, rawCall } from "../rpc/testing/raw-call.ts";
import { embeddedKeys } from "../store/embedded/embedded-keys.ts";
import { openGrpcDoor, openHttpDoor, tweet } from "./testing/clima-door.ts";
import { bearer, keyed } from "./testing/keyed-doors.ts";

const service = grpcJsService(
  "weathertweet/weathertweet.proto",
  "weathertweet.WeatherTweetService",
);
const method = "/weathertweet.WeatherTweetService/SendTweet";
const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7/;

describe("an event without a key that is known", () => {
  test("is 401 with a challenge and an id, the same whatever was presented, and has no effect", async () => {
    using at = await keyed("until=2026-01-01T00:00:00Z");
    await using door = openHttpDoor("api", at.door);
    const bodies = new Set<string>();
    for (const headers of [
      {},
      bearer(`${at.app}x`),
      bearer(at.web),
      { authorization: at.app },
      { authorization: `Basic ${at.app}` },
      { authorization: "Bearer" },
      { "x-api-key": at.app.slice(1) },
      { "x-api-key": "" },
      { authorization: `Bearer ${"x".repeat(10_000)}` },
    ] as Record<string, string>[]) {
      const reply = await door.post("/clima", tweet, headers);
      expect([reply.status, reply.headers.get("www-authenticate")]).toEqual([
        401,
        'Bearer realm="events"',
      ]);
      expect(reply.headers.get("content-type")).toBe("application/problem+json");
      expect(reply.headers.get("idempotency-key")).toMatch(uuidV7);
      bodies.add(await reply.text());
    }
    expect([...bodies].map((text) => JSON.parse(text))).toEqual([
      {
        ...{ type: "urn:tweet-pipeline:problem:unauthenticated", status: 401 },
        title: "API key needed",
        detail: "an API key is needed, one that is known and has not ended; nothing was done",
      },
    ]);
    expect(door.publisher.stored).toEqual([]);
    expect(new Set(at.refused)).toEqual(new Set(["unauthenticated"]));
  });

  test("is UNAUTHENTICATED over gRPC, with the client's own id, whatever query or header is sent with it", async () => {
    using at = await keyed();
    await using door = await openGrpcDoor("writer", at.door);
    using user = grpcJsClient(service, door.address);
    const id = Bun.randomUUIDv7();
    const refused = await user.call("SendTweet", tweet, { metadata: { "idempotency-key": id } });
    expect([refused.code, refused.metadata["idempotency-key"]]).toEqual([16, id]);
    expect(refused.details).toContain("an API key is needed");
    const metadata = bearer(`${at.app}x`);
    expect((await user.call("SendTweet", tweet, { metadata })).code).toBe(16);
    for (const path of [`${method}?`, `${method}?a=b`]) {
      const { headers } = await rawCall(door.port, { path, chunks: [frame(new Uint8Array())] });
      expect(headers["grpc-status"]).toBe("16");
    }
    expect(door.publisher.stored).toEqual([]);
  });

  test("is refused before the body: what it is does not matter, nor its type, nor whether it arrives", async () => {
    using at = await keyed();
    await using http = openHttpDoor("api", at.door);
    await using grpc = await openGrpcDoor("writer", at.door);
    const post = (
      headers: Record<string, string>,
      body: string | ReadableStream | Uint8Array<ArrayBuffer>,
    ) => fetch(`${http.url}/clima`, { method: "POST", headers, body });
    const never = new ReadableStream({ pull: () => new Promise<void>(() => {}) });
    const json = { "content-type": "application/json" };
    for (const [headers, body] of [
      [json, "{"],
      [json, never],
      [json, new Uint8Array(1_000_000)],
      [{ "content-type": "text/plain" }, "hello"],
      [{ ...json, "idempotency-key": "two words" }, "null"],
    ] as const) {
      expect((await post(headers, body)).status).toBe(401);
    }
    const garbage = { path: method, chunks: [Uint8Array.of(9, 9, 9)], open: true };
    expect((await rawCall(grpc.port, garbage)).headers["grpc-status"]).toBe("16");
  });

  test("is nobody's affair where the path or the method is wrong, and texts are for everybody", async () => {
    using at = await keyed();
    await using door = openHttpDoor("proxy", at.door);
    const statuses = await Promise.all(
      [
        ["GET", "/health"],
        ["GET", "/tweet"],
        ["OPTIONS", "/tweet"],
        ["POST", "/nowhere"],
      ].map(
        async ([name = "", path]) => (await fetch(`${door.url}${path}`, { method: name })).status,
      ),
    );
    expect(statuses).toEqual([200, 405, 204, 404]);
    expect(at.refused).toEqual([]);
  });

  test("stays out of a server that has no gate", async () => {
    using at = await keyed();
    await using door = await openGrpcDoor("writer", at.door, () => undefined);
    using user = grpcJsClient(service, door.address);
    expect((await user.call("SendTweet", tweet, { metadata: bearer(at.web) })).code).toBe(16);
    expect(door.publisher.stored).toEqual([]);
  });
});

describe("a client with a key", () => {
  test("sends events, by Authorization in any case or by X-API-Key, over HTTP and gRPC", async () => {
    using at = await keyed();
    await using http = openHttpDoor("api", at.door);
    await using grpc = await openGrpcDoor("writer", at.door);
    using user = grpcJsClient(service, grpc.address);
    const ways: Record<string, string>[] = [
      bearer(at.web),
      { authorization: `bEARER  ${at.web}` },
      { "x-api-key": at.web },
      { authorization: "Basic dXNlcjpwYXNz", "x-api-key": at.app },
    ];
    for (const headers of ways) {
      expect((await http.post("/clima", tweet, headers)).status).toBe(200);
      expect((await user.call("SendTweet", tweet, { metadata: headers })).code).toBe(0);
    }
    expect([http.publisher.stored.length, grpc.publisher.stored.length]).toEqual([4, 4]);
    expect(at.refused).toEqual([]);
  });

  test("has its own idempotency keys: what two clients call by one name are two events; a UUIDv7 is the event's id", async () => {
    using at = await keyed();
    await using keys = embeddedKeys({ file: ":memory:" });
    await using http = openHttpDoor("api", { ...at.door, keys });
    await using grpc = await openGrpcDoor("writer", { ...at.door, keys });
    using user = grpcJsClient(service, grpc.address);
    const post = async (key: string, name: string, humidity = 60) => {
      const headers = { ...bearer(key), "idempotency-key": name };
      const reply = await http.post("/clima", { ...tweet, humidity }, headers);
      return `${reply.status} ${reply.headers.get("idempotency-key")}`;
    };
    const call = async (key: string, name: string) => {
      const metadata = { ...bearer(key), "idempotency-key": name };
      const { code, metadata: got } = await user.call("SendTweet", tweet, { metadata });
      return `${code === 0 ? 200 : code} ${got["idempotency-key"]}`;
    };
    const webs = await post(at.web, "order-7");
    expect(webs).toStartWith("200 ");
    expect([await post(at.web, "order-7"), await call(at.web, "order-7")]).toEqual([webs, webs]);
    const apps = await post(at.app, "order-7", 61);
    expect(apps).toStartWith("200 ");
    expect(apps).not.toBe(webs);
    expect(await post(at.app, "order-7", 60)).toStartWith("422 ");
    // No key can be written so that it is another client's.
    for (const name of ["web order-7", "web\torder-7"]) {
      expect(await post(at.app, name)).toStartWith("400 ");
    }
    const id = Bun.randomUUIDv7();
    expect([await post(at.web, id), await call(at.app, id)]).toEqual([`200 ${id}`, `200 ${id}`]);
    expect(await post(at.app, id, 61)).toBe(`422 ${id}`);
  });

  test("beyond its rate gets 429 with Retry-After or RESOURCE_EXHAUSTED, whatever it sends; others go on", async () => {
    using at = await keyed("rate=10");
    await using http = openHttpDoor("proxy", at.door);
    await using grpc = await openGrpcDoor("proxy", at.door);
    using user = grpcJsClient(service, grpc.address);
    const web = bearer(at.web);
    expect((await http.post("/tweet", "{", web)).status).toBe(400);
    expect(
      (await http.post("/tweet", tweet, { ...web, "content-type": "text/plain" })).status,
    ).toBe(415);
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => http.post("/tweet", "{", web)),
    );
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(10);
    expect(refused[0]?.headers.get("retry-after")).toBe("1");
    expect(await refused[0]?.json()).toMatchObject({ title: "overloaded" });
    const calls = await Promise.all(
      Array.from({ length: 20 }, () => user.call("SendTweet", tweet, { metadata: web })),
    );
    const exhausted = calls.filter(({ code }) => code === 8);
    expect(exhausted.length).toBeGreaterThan(10);
    expect(exhausted[0]?.metadata).toMatchObject({ "grpc-retry-pushback-ms": "1000" });
    expect((await http.post("/tweet", tweet, bearer(at.app))).status).toBe(202);
    expect(new Set(at.refused)).toEqual(new Set(["client-rate"]));
  });
});
