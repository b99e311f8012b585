import { describe, expect, test } from "bun:test";
import { type EventId, newEventId } from "../event/event-id.ts";
import { grpcJsClient, grpcJsService } from "../rpc/testing/grpc-js.ts";
import { embeddedKeys } from "../store/embedded/embedded-keys.ts";
import type { Keys } from "../store/keys.ts";
import { openGrpcDoor, openHttpDoor, tweet } from "./testing/clima-door.ts";

const minuteMs = 60_000;
const other = { ...tweet, humidity: 61 };

const memoryKeys = () => embeddedKeys({ file: ":memory:" });

/** Keys that cannot be reached; counts how often they were asked. */
function deadKeys(): Keys & { readonly asked: number } {
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    claim: async () => {
      asked += 1;
      throw new Error("Cannot claim a key: connection refused");
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Posts to a fresh door: what each request got, as status and id. */
function user(door: ReturnType<typeof openHttpDoor>) {
  return async (body: unknown, key: string, headers: Record<string, string> = {}) => {
    const reply = await door.post("/clima", body, { "idempotency-key": key, ...headers });
    const problem = reply.ok ? undefined : ((await reply.json()) as { type: string });
    return {
      status: reply.status,
      id: reply.headers.get("idempotency-key") as EventId,
      retryAfter: reply.headers.get("retry-after"),
      kind: problem?.type.split(":").at(-1),
    };
  };
}

describe("a key of the client's own", () => {
  test("same key, same body: success again, under the same id", async () => {
    await using keys = memoryKeys();
    await using door = openHttpDoor("api", { keys });
    const post = user(door);
    const [first, again] = [await post(tweet, "order-7"), await post(tweet, "order-7")];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.id).toBe(first.id);
    expect(door.publisher.stored.map(({ id }) => id)).toEqual([first.id, first.id]);
    expect((await post(tweet, "order-8")).id).not.toBe(first.id);
  });

  test("same key, 50 at once: one id", async () => {
    await using keys = memoryKeys();
    await using door = openHttpDoor("api", { keys });
    const post = user(door);
    const replies = await Promise.all(Array.from({ length: 50 }, () => post(tweet, "order-7")));
    expect(new Set(replies.map(({ id }) => id)).size).toBe(1);
  });

  test("same key, other body: 422, no effect", async () => {
    await using keys = memoryKeys();
    await using door = openHttpDoor("api", { keys });
    const post = user(door);
    await post(tweet, "order-7");
    expect(await post(other, "order-7")).toMatchObject({ status: 422, kind: "conflict" });
    expect(door.publisher.stored.length).toBe(1);
  });

  test("the same tweet by numbers and by names is the same body", async () => {
    await using keys = memoryKeys();
    await using door = openHttpDoor("api", { keys });
    const post = user(door);
    await post(tweet, "order-7");
    const named = { ...tweet, municipality: "guatemala", weather: "sunny" };
    expect((await post(named, "order-7")).status).toBe(200);
  });

  test("a body that was refused does not take the key", async () => {
    await using keys = memoryKeys();
    await using door = openHttpDoor("api", { keys });
    const post = user(door);
    expect((await post({ ...tweet, humidity: 101 }, "order-7")).status).toBe(422);
    expect((await post(tweet, "order-7")).status).toBe(200);
  });

  test("malformed keys: 400", async () => {
    await using keys = memoryKeys();
    await using door = openHttpDoor("api", { keys });
    const post = user(door);
    for (const key of ["", "two words", "x".repeat(256), "ñ"]) {
      expect(await post(tweet, key)).toMatchObject({ status: 400, kind: "bad-key" });
    }
    expect((await post(tweet, "x".repeat(255))).status).toBe(200);
  });

  test("keys that cannot be reached, or are not there: 503 with Retry-After, while requests without a key go on", async () => {
    for (const keys of [deadKeys(), undefined]) {
      await using door = openHttpDoor("api", { keys });
      const refused = await user(door)(tweet, "order-7");
      expect(refused).toMatchObject({ status: 503, kind: "no-keys", retryAfter: "1" });
      expect((await door.post("/clima", tweet)).status).toBe(200);
      expect(door.publisher.stored.length).toBe(1);
    }
  });

  test("keys that hang: 503 after a second", async () => {
    const keys = { ...deadKeys(), claim: () => new Promise<never>(() => {}) };
    await using door = openHttpDoor("api", { keys });
    const began = performance.now();
    expect((await user(door)(tweet, "order-7")).kind).toBe("no-keys");
    expect(performance.now() - began).toBeWithin(900, 2_000);
  });
});

describe("a key that is a UUIDv7", () => {
  test("is the event's id, in any case", async () => {
    await using door = openHttpDoor("api");
    const id = newEventId();
    expect(await user(door)(tweet, id.toUpperCase())).toMatchObject({ status: 200, id });
    expect(door.publisher.stored[0]?.id).toBe(id);
  });

  test("in the future or older than the window: 422; a minute of clock skew is allowed", async () => {
    const now = Date.now();
    await using door = openHttpDoor("api", { clock: () => now, idWindowMs: 10 * minuteMs });
    const post = user(door);
    const at = async (ms: number) => (await post(tweet, newEventId(now + ms))).status;
    expect(await at(minuteMs)).toBe(200);
    expect(await at(minuteMs + 1)).toBe(422);
    expect(await at(-10 * minuteMs)).toBe(200);
    expect(await at(-10 * minuteMs - 1)).toBe(422);
    expect(door.publisher.stored.length).toBe(2);
  });

  test("with another body: 422", async () => {
    await using keys = memoryKeys();
    await using door = openHttpDoor("api", { keys });
    const post = user(door);
    const id = newEventId();
    expect((await post(tweet, id)).status).toBe(200);
    expect((await post(tweet, id)).status).toBe(200);
    expect(await post(other, id)).toMatchObject({ status: 422, kind: "conflict", id });
  });

  test("goes on where the keys cannot be reached, which are then left alone for a second", async () => {
    let now = Date.now();
    const keys = deadKeys();
    await using door = openHttpDoor("api", { keys, clock: () => now });
    const post = user(door);
    for (let time = 0; time < 5; time += 1) {
      expect((await post(tweet, newEventId())).status).toBe(200);
    }
    expect(keys.asked).toBe(1);
    now += 1_000;
    await post(tweet, newEventId());
    expect(keys.asked).toBe(2);
  });

  test("that one of our hops forwards is settled already: neither claimed nor too old", async () => {
    const keys = deadKeys();
    await using door = openHttpDoor("api", { keys, idWindowMs: 1_000, isBehind: true });
    const id = newEventId(Date.now() - minuteMs);
    const reply = await user(door)(tweet, id, { "x-event-forwarded": "1" });
    expect(reply).toMatchObject({ status: 200, id });
    expect(keys.asked).toBe(0);
  });

  test("that only says so, at a first door, is claimed and measured like any other", async () => {
    const keys = deadKeys();
    await using door = openHttpDoor("api", { keys, idWindowMs: 1_000 });
    const old = newEventId(Date.now() - minuteMs);
    const mark = { "x-event-forwarded": "1" };
    expect(await user(door)(tweet, old, mark)).toMatchObject({ status: 422, kind: "stale-key" });
    await user(door)(tweet, newEventId(), mark);
    expect(keys.asked).toBe(1);
  });
});

test("metadata `idempotency-key`: the same over gRPC", async () => {
  await using keys = memoryKeys();
  await using door = await openGrpcDoor("writer", { keys });
  const service = grpcJsService(
    "weathertweet/weathertweet.proto",
    "weathertweet.WeatherTweetService",
  );
  using user = grpcJsClient(service, door.address);
  const send = async (body: unknown, key: string) => {
    const metadata = { "idempotency-key": key };
    const { code, metadata: got } = await user.call("SendTweet", body, { metadata });
    return { code, id: got["idempotency-key"] };
  };
  const first = await send(tweet, "order-7");
  expect(first.code).toBe(0);
  expect(await send(tweet, "order-7")).toEqual(first);
  expect((await send(other, "order-7")).code).toBe(6);
  expect((await send(tweet, "two words")).code).toBe(3);
  const id = newEventId();
  expect(await send(tweet, id)).toEqual({ code: 0, id });
  expect(await send(other, id)).toEqual({ code: 6, id });
  const old = newEventId(Date.now() - 3_600_001);
  expect(await send(tweet, old)).toEqual({ code: 3, id: old });
  expect(door.publisher.stored.map(({ id: stored }) => stored)).toEqual([
    first.id,
    first.id,
    id,
  ] as EventId[]);
});
