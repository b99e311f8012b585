import { describe, expect, test } from "bun:test";
import { openGrpcDoor, tweet } from "../../lib/door/testing/clima-door.ts";
import { grpcJsClient, grpcJsService } from "../../lib/rpc/testing/grpc-js.ts";
import { serviceProcess } from "../../lib/testing/service-process.ts";
import { until } from "../../lib/testing/until.ts";
import { parts } from "../../tools/parts/testing.ts";
import { relayMain, relayProcess } from "./testing/relay-process.ts";

const service = grpcJsService(
  "weathertweet/weathertweet.proto",
  "weathertweet.WeatherTweetService",
);

/** The API and the proxy as processes, in front of a writer that publishes to memory. */
async function chain() {
  const stack = new AsyncDisposableStack();
  const writer = stack.use(await openGrpcDoor("writer"));
  const proxy = stack.use(await relayProcess("clima-app/proxy", { WRITER_ADDR: writer.address }));
  const api = stack.use(
    await relayProcess("clima-app/api", { GRPC_SERVER_URL: `http://${proxy.grpc}` }),
  );
  return { writer, proxy, api, [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose]() };
}

describe("API, proxy and writer in a chain", () => {
  test("a tweet goes through under one id", async () => {
    await using at = await chain();
    await until("the API to be ready", at.api.ready);
    const reply = await at.api.post("/clima");
    expect([reply.status, await reply.json()]).toEqual([
      200,
      { status: "Tweet recibido y publicado ✅" },
    ]);
    const [stored] = at.writer.publisher.stored;
    expect(stored?.message).toMatchObject(tweet);
    expect(stored?.id as string).toBe(reply.headers.get("idempotency-key") ?? "none");
    const metrics = await (await at.api.admin("/metrics")).text();
    expect(metrics).toContain(
      'tweet_pipeline_published_total{pipeline="clima-app",lane="proxy"} 1',
    );
  }, 20_000);

  test("one broker down behind the writer: the first door names each lane's outcome", async () => {
    await using at = await chain();
    Object.assign(at.writer.publisher.behaviour, {
      fail: "unavailable",
      lanes: { kafka: "stored", rabbit: "unavailable" },
    });
    const reply = await at.api.post("/clima");
    expect(reply.status).toBe(503);
    expect(await reply.json()).toMatchObject({ lanes: { kafka: "stored", rabbit: "unavailable" } });
  }, 20_000);

  test("a writer that goes away: 503, not ready; back again: 200, without a restart", async () => {
    await using at = await chain();
    await until("the API to be ready", at.api.ready);
    await at.proxy[Symbol.asyncDispose]();
    expect((await at.api.post("/clima")).status).toBe(503);
    expect(await at.api.ready()).toBe(false);
    expect((await at.api.admin("/live")).status).toBe(200);
    const [, port] = at.proxy.grpc.split(":");
    await using again = await relayProcess("clima-app/proxy", {
      WRITER_ADDR: at.writer.address,
      GRPC_PORT: port ?? "",
    });
    await until("the API to be ready again", at.api.ready);
    expect((await at.api.post("/clima")).status).toBe(200);
    expect(again.child.exitCode).toBeNull();
  }, 30_000);

  test("SIGTERM under load: every request in flight is answered, exit 0", async () => {
    await using at = await chain();
    await until("the API to be ready", at.api.ready);
    const release = Promise.withResolvers<void>();
    at.writer.publisher.behaviour.hold = release.promise;
    const replies = Array.from({ length: 20 }, () => at.api.post("/clima"));
    await until("all to be in flight", () => at.writer.publisher.inFlight === 20);
    at.api.child.kill("SIGTERM");
    at.proxy.child.kill("SIGTERM");
    await until("the API to leave", async () => !(await at.api.ready().catch(() => false)));
    release.resolve();
    const statuses = (await Promise.all(replies)).map(({ status }) => status);
    expect(statuses).toEqual(replies.map(() => 200));
    expect(await at.api.child.exited).toBe(0);
    expect(await at.proxy.child.exited).toBe(0);
    expect(at.writer.publisher.stored.length).toBe(20);
  }, 20_000);
});

test("what the API has let in is not counted against the proxy's ADMISSION_RATE, what comes past the API is", async () => {
  await using writer = await openGrpcDoor("writer");
  await using proxy = await relayProcess("clima-app/proxy", {
    WRITER_ADDR: writer.address,
    ADMISSION_RATE: "1",
  });
  await using api = await relayProcess("clima-app/api", {
    GRPC_SERVER_URL: `http://${proxy.grpc}`,
  });
  const statuses = async (posts: readonly Promise<Response>[]) =>
    (await Promise.all(posts)).map(({ status }) => status);
  const five = Array.from({ length: 5 }, (_, index) => index);
  expect(await statuses(five.map(() => api.post("/clima")))).toEqual(five.map(() => 200));
  const past = await statuses(five.map(() => proxy.post("/tweet")));
  expect(past.filter((status) => status === 429).length).toBeGreaterThan(2);
  for (const path of ["/live", "/ready", "/metrics"]) {
    expect((await proxy.admin(path)).status).toBe(200);
  }
  expect(await (await proxy.admin("/metrics")).text()).toContain('reason="rate"');
}, 20_000);

test("an unknown WRITER_TARGET means both and is warned of once", async () => {
  await using api = await relayProcess("clima-app/api", {
    NEXT_URL: "127.0.0.1:1",
    WRITER_TARGET: "Pulsar",
  });
  await api.post("/clima");
  await api.post("/clima");
  api.child.kill("SIGTERM");
  expect(await api.child.exited).toBe(0);
  const warnings = (await api.output).split("\n").filter((line) => line.includes("WRITER_TARGET"));
  expect(warnings.length).toBe(1);
  expect(warnings[0]).toContain('"value":"Pulsar"');
}, 20_000);

test("a next hop with several addresses: each gets its share, and one that leaves fails nothing", async () => {
  await using one = await openGrpcDoor("writer");
  await using other = await openGrpcDoor("writer");
  await using api = await relayProcess("clima-app/api", {
    NEXT_URL: `${one.address}, http://${other.address}`,
  });
  await until("the API to be ready", api.ready);
  const statuses = async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => api.post("/clima")));
    return [...new Set(replies.map(({ status }) => status))];
  };
  expect(await statuses()).toEqual([200]);
  expect([one.publisher.stored.length, other.publisher.stored.length]).toEqual([10, 10]);
  await one[Symbol.asyncDispose]();
  expect(await statuses()).toEqual([200]);
  expect(await api.ready()).toBe(true);
  expect(other.publisher.stored.length).toBe(30);
}, 20_000);

test("a policy for brokers does not concern a station that hands on to a hop", async () => {
  await using writer = await openGrpcDoor("writer");
  await using api = await relayProcess("clima-app/api", {
    NEXT_URL: writer.address,
    WRITER_TARGET: "KAFKA",
  });
  await until("the API to be ready", api.ready);
  expect((await api.post("/clima")).status).toBe(200);
}, 20_000);

test("a configuration that cannot be used: exit 78 with every fault named", async () => {
  await using relay = serviceProcess(relayMain, {
    STATION: "clima-app/wirter",
    PORT: "http",
    KEYS_URL: "x://",
  });
  expect(await relay.child.exited).toBe(78);
  const output = await relay.output;
  for (const fault of ["STATION must be one of", "PORT must be a port", "KEYS_URL must be"]) {
    expect(output).toContain(fault);
  }
}, 20_000);

describe.skipIf(!parts)("keys in a real Valkey", () => {
  test("a key has one body, over all doors; while Valkey is away ids go on and other keys get 503", async () => {
    await using valkey = await parts?.startValkey();
    await using writer = await openGrpcDoor("writer");
    const env = { NEXT_URL: writer.address, KEYS_URL: valkey?.url ?? "" };
    await using api = await relayProcess("clima-app/api", env);
    await using proxy = await relayProcess("clima-app/proxy", env);
    const send = async (key: string, humidity = 60) => {
      const headers = { "idempotency-key": key };
      const body = { ...tweet, humidity };
      const replies = [
        await api.post("/clima", body, headers),
        await proxy.post("/tweet", body, headers),
      ];
      return replies.map(({ status }) => status);
    };
    await until("Valkey to be connected", async () => (await send("first"))[0] === 200);
    for (const key of ["order-7", Bun.randomUUIDv7()]) {
      expect(await send(key)).toEqual([200, 202]);
      expect(await send(key)).toEqual([200, 202]);
      expect(await send(key, 61)).toEqual([422, 422]);
    }
    await valkey?.server.kill();
    expect(await send("order-8")).toEqual([503, 503]);
    expect(await send(Bun.randomUUIDv7())).toEqual([200, 202]);
  }, 40_000);
});

describe.skipIf(!parts)("the writer on real brokers", () => {
  const own = (name: string) => `relay-${name}-${Bun.randomUUIDv7()}`;

  for (const target of ["both", "kafka", "rabbit", "random"]) {
    test(`WRITER_TARGET=${target}: ready, and tweets are stored`, async () => {
      await using writer = await relayProcess("clima-app/writer", {
        WRITER_TARGET: target,
        KAFKA_BROKERS: parts?.kafka.join(",") ?? "",
        KAFKA_TOPIC: own("topic"),
        RABBITMQ_URL: parts?.rabbit ?? "",
        RABBIT_QUEUE: own("queue"),
      });
      await until("the writer to be ready", writer.ready, { timeoutMs: 20_000 });
      using client = grpcJsClient(service, writer.grpc);
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => client.call("SendTweet", tweet)),
      );
      expect(outcomes.map(({ code }) => code)).toEqual(outcomes.map(() => 0));
    }, 40_000);
  }

  test("one broker down: UNAVAILABLE naming both lanes; the other one stored the tweet", async () => {
    await using writer = await relayProcess("clima-app/writer", {
      DEADLINE_MS: "2000",
      KAFKA_BROKERS: parts?.kafka.join(",") ?? "",
      KAFKA_TOPIC: own("topic"),
      RABBITMQ_URL: "amqp://127.0.0.1:1",
    });
    using client = grpcJsClient(service, writer.grpc);
    const send = () => client.call("SendTweet", tweet);
    await until("Kafka to store", async () =>
      String((await send()).metadata["lane-outcomes"]).includes("kafka=stored"),
    );
    const { code, details, metadata } = await send();
    expect([4, 14]).toContain(code);
    expect(details).toStartWith("writer error: ");
    expect(metadata["lane-outcomes"]).toMatch(/kafka=stored; rabbit=/);
    expect(await writer.ready()).toBe(false);
  }, 40_000);
});
