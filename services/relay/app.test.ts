import { expect, test } from "bun:test";
import { climaDoor, tweet } from "../../lib/door/testing/clima-door.ts";
import { grpcJsClient, grpcJsService } from "../../lib/rpc/testing/grpc-js.ts";
import { until } from "../../lib/testing/until.ts";
import { createRelay } from "./app.ts";

const anyPort = { http: 0, grpc: 0, hostname: "127.0.0.1" };
const tweets = grpcJsService("weathertweet/weathertweet.proto", "weathertweet.WeatherTweetService");
const health = grpcJsService("grpc/health/v1/health.proto", "grpc.health.v1.Health");

async function open(station: string) {
  const { publisher, options } = climaDoor(station);
  const relay = createRelay(options);
  const doors = await relay.open(anyPort);
  return {
    publisher,
    relay,
    grpc: `127.0.0.1:${doors.grpcPort}`,
    ports: [doors.httpPort, doors.grpcPort],
    post: (path: string) =>
      fetch(`http://127.0.0.1:${doors.httpPort}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(tweet),
      }),
    [Symbol.asyncDispose]: () => doors[Symbol.asyncDispose](),
  };
}

test("the proxy takes the same event over HTTP and gRPC", async () => {
  await using proxy = await open("proxy");
  expect((await proxy.post("/tweet")).status).toBe(202);
  using client = grpcJsClient(tweets, proxy.grpc);
  expect((await client.call("SendTweet", tweet)).code).toBe(0);
  expect(proxy.publisher.stored.map(({ message }) => message)).toMatchObject([tweet, tweet]);
});

test("a station opens the doors that it has", async () => {
  await using api = await open("api");
  await using writer = await open("writer");
  expect(api.ports).toEqual([expect.any(Number), undefined]);
  expect(writer.ports).toEqual([undefined, expect.any(Number)]);
});

test("health follows what the events are handed on to", async () => {
  await using writer = await open("writer");
  using client = grpcJsClient(health, writer.grpc);
  expect((await client.call("Check", {})).reply).toEqual({ status: "SERVING" });
  writer.publisher.behaviour.ready = false;
  expect((await client.call("Check", {})).reply).toEqual({ status: "NOT_SERVING" });
  expect(await writer.relay.ready()).toBe(false);
});

test("closing turns readiness off first and finishes what is in flight over both doors", async () => {
  const proxy = await open("proxy");
  using client = grpcJsClient(tweets, proxy.grpc);
  const release = Promise.withResolvers<void>();
  proxy.publisher.behaviour.hold = release.promise;
  const replies = [proxy.post("/tweet"), client.call("SendTweet", tweet)] as const;
  await until("both to be in flight", () => proxy.publisher.inFlight === 2);
  const closed = proxy[Symbol.asyncDispose]();
  expect(await proxy.relay.ready()).toBe(false);
  release.resolve();
  expect((await replies[0]).status).toBe(202);
  expect((await replies[1]).code).toBe(0);
  await closed;
  await expect(proxy.post("/tweet")).rejects.toThrow();
  expect(proxy.publisher.disposed).toBe(false);
});
