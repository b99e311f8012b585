import { describe, expect, test } from "bun:test";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { WeatherTweetService } from "../../gen/weathertweet/weathertweet_pb.ts";
import { grpcJsClient, grpcJsService } from "../rpc/testing/grpc-js.ts";
import { violationsIn } from "../rpc/testing/violations.ts";
import { until } from "../testing/until.ts";
import { grpcRoutes } from "./grpc-door.ts";
import { climaDoor, climaStation, openGrpcDoor, tweet } from "./testing/clima-door.ts";

const service = grpcJsService(
  "weathertweet/weathertweet.proto",
  "weathertweet.WeatherTweetService",
);

/** A station's door and a grpc-js client of it. */
async function open(name: string, overrides = {}) {
  const door = await openGrpcDoor(name, overrides);
  const client = grpcJsClient(service, door.address);
  return {
    ...door,
    send: (body: unknown, settings = {}) => client.call("SendTweet", body, settings),
    client: client.client,
    [Symbol.asyncDispose]: async () => {
      client[Symbol.dispose]();
      await door[Symbol.asyncDispose]();
    },
  };
}

test("SendTweet stores the event under the id that the reply carries", async () => {
  await using door = await open("writer");
  const { code, reply, metadata } = await door.send(tweet);
  expect([code, reply]).toEqual([0, { status: "Tweet recibido y publicado ✅" }]);
  const [stored] = door.publisher.stored;
  expect(stored?.message).toMatchObject(tweet);
  expect(stored?.id as string).toBe(metadata["idempotency-key"] as string);
});

describe("wrong range or enum: INVALID_ARGUMENT with details", () => {
  test("every broken rule is named, in the message and as buf.validate.Violations", async () => {
    await using door = await open("writer");
    const { code, details, metadata } = await door.send({ ...tweet, humidity: 101, weather: 0 });
    expect(code).toBe(3);
    expect(details).toContain("humidity must be");
    expect(details).toContain("weather must be one of sunny, cloudy, rainy, foggy");
    expect(metadata["idempotency-key"]).toBeString();
    const violations = violationsIn(metadata["grpc-status-details-bin"] as Buffer);
    expect(violations).toEqual(["humidity", "weather"]);
    expect(door.publisher.stored).toEqual([]);
  });

  test("an enum number that the proto does not have", async () => {
    await using door = await open("writer");
    expect((await door.send({ ...tweet, municipality: 5 })).code).toBe(3);
  });
});

describe("next hop or broker did not confirm", () => {
  test("UNAVAILABLE, naming each lane's outcome, behind the station's prefix", async () => {
    await using door = await open("writer");
    Object.assign(door.publisher.behaviour, {
      fail: "unavailable",
      lanes: { kafka: "stored", rabbit: "gone; réfused" },
    });
    const { code, details, metadata } = await door.send(tweet);
    expect(code).toBe(14);
    expect(details).toStartWith("writer error: ");
    expect(metadata["lane-outcomes"]).toBe("kafka=stored; rabbit=gone? r?fused");
    expect(metadata["idempotency-key"]).toBeString();
  });

  test("a station without a prefix has none", async () => {
    await using door = await open("proxy");
    door.publisher.behaviour.fail = "unavailable";
    expect((await door.send(tweet)).details).toStartWith("the event may or may not be stored");
  });

  test("DEADLINE_EXCEEDED by the station's time", async () => {
    await using door = await open("writer", { deadlineMs: 100 });
    door.publisher.behaviour.hold = new Promise(() => {});
    const { code, details } = await door.send(tweet);
    expect([code, details.split(":")[0]]).toEqual([4, "writer error"]);
  });

  test("DEADLINE_EXCEEDED by the client's, answered before the client gives up so that it learns of the lanes", async () => {
    await using door = await open("writer");
    Object.assign(door.publisher.behaviour, {
      hold: new Promise(() => {}),
      lanes: { kafka: "stored" },
    });
    const { code, metadata } = await door.send(tweet, { timeoutMs: 2_000 });
    expect([code, metadata["lane-outcomes"]]).toEqual([4, "kafka=stored"]);
  });

  test("a deadline of 1 ms: DEADLINE_EXCEEDED, published once or not at all", async () => {
    await using door = await open("writer");
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => door.send(tweet, { timeoutMs: 1 })),
    );
    expect(outcomes.every(({ code }) => code === 4 || code === 0)).toBe(true);
    const ids = door.publisher.stored.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await door.send(tweet)).code).toBe(0);
  });

  test("a client that cancels in the middle: published once or not at all", async () => {
    await using door = await open("writer");
    const release = Promise.withResolvers<void>();
    door.publisher.behaviour.hold = release.promise;
    const begin = (door.client as unknown as Record<string, (...all: unknown[]) => Call>).SendTweet;
    const ended = Promise.withResolvers<{ code: number }>();
    const call = begin?.call(door.client, tweet, (error: { code: number }) => ended.resolve(error));
    await until("the publisher to have the event", () => door.publisher.inFlight === 1);
    call?.cancel();
    expect((await ended.promise).code).toBe(1);
    release.resolve();
    await until("the event to be stored", () => door.publisher.stored.length === 1);
    expect((await door.send(tweet)).code).toBe(0);
    expect(door.publisher.stored.length).toBe(2);
  });
});

test("overload: RESOURCE_EXHAUSTED", async () => {
  await using door = await open("writer");
  door.publisher.behaviour.fail = "overloaded";
  expect((await door.send(tweet)).code).toBe(8);
});

test("a key used for another body further on: ALREADY_EXISTS", async () => {
  await using door = await open("writer");
  door.publisher.behaviour.fail = "conflict";
  expect((await door.send(tweet)).code).toBe(6);
});

test("a fault that nobody foresaw: INTERNAL, and nothing of it", async () => {
  const broken = {
    publish: () => Promise.reject(new Error("secret")),
    ready: async () => true,
    [Symbol.asyncDispose]: async () => {},
  };
  await using door = await open("writer", { publisher: broken });
  const { code, details } = await door.send(tweet);
  expect(code).toBe(13);
  expect(details).not.toContain("secret");
});

test("routes serve in memory as well", async () => {
  const { publisher, options } = climaDoor("writer");
  const client = createClient(WeatherTweetService, createRouterTransport(grpcRoutes(options)));
  const reply = await client.sendTweet(tweet);
  expect(reply.status).toBe("Tweet recibido y publicado ✅");
  expect(publisher.stored.length).toBe(1);
});

test("a station whose method takes another message is refused at the start", () => {
  const { options } = climaDoor("writer");
  const { sendTweet } = WeatherTweetService.method;
  const method = { ...sendTweet, input: sendTweet.output };
  const station = { ...climaStation("writer"), grpc: { port: 0, rpcs: [{ method, reply: {} }] } };
  expect(() => grpcRoutes({ ...options, station })).toThrow(
    "Cannot serve weathertweet.WeatherTweetService.SendTweet: it must take weathertweet.WeatherTweetRequest",
  );
});

interface Call {
  cancel(): void;
}
