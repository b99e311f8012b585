import { describe, expect, test } from "bun:test";
import { fanOut } from "../../lib/delivery/fan-out.ts";
import { openGrpcDoor, tweet } from "../../lib/door/testing/clima-door.ts";
import { policyDoor } from "../../lib/door/testing/policy-door.ts";
import { grpcJsClient, grpcJsService } from "../../lib/rpc/testing/grpc-js.ts";
import { until } from "../../lib/testing/until.ts";
import { proyecto3 } from "../../pipelines/proyecto3.ts";
import { parts } from "../../tools/parts/testing.ts";
import { relayProcess } from "./testing/relay-process.ts";

const on = { PREFER_POLICY: "1" };
const silent = { status: 200, applied: null, lanes: null };

/** Posts an event under a preference; what the reply says of it. */
async function send(
  relay: { post(path: string, body: unknown, headers: Record<string, string>): Promise<Response> },
  path: string,
  prefer: string,
) {
  const { status, headers } = await relay.post(path, tweet, { prefer });
  return {
    status,
    applied: headers.get("preference-applied"),
    lanes: headers.get("lane-outcomes"),
  };
}

/** The API and the proxy as processes, in front of a writer with two lanes in memory. */
async function chain(
  api: Record<string, string>,
  proxy: Record<string, string>,
  preferPolicy = true,
) {
  const stack = new AsyncDisposableStack();
  const lanes = policyDoor(preferPolicy);
  const writer = stack.use(await openGrpcDoor("writer", lanes.options));
  const second = stack.use(
    await relayProcess("clima-app/proxy", { WRITER_ADDR: writer.address, ...proxy }),
  );
  const first = stack.use(
    await relayProcess("clima-app/api", { GRPC_SERVER_URL: second.grpc, ...api }),
  );
  await until("the API to be ready", first.ready);
  return {
    ...lanes,
    send: (prefer: string) => send(first, "/clima", prefer),
    post: (prefer: string) => first.post("/clima", tweet, { prefer }),
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}

describe("a preferred policy over two hops", () => {
  test("each policy passes to the writer, and the first door names its lanes", async () => {
    await using at = await chain(on, on);
    expect(await at.send("policy=kafka")).toEqual({
      status: 200,
      applied: "policy=kafka",
      lanes: "kafka=stored",
    });
    expect(await at.send('Policy="Rabbit"')).toEqual({
      status: 200,
      applied: "policy=rabbit",
      lanes: "rabbit=stored",
    });
    expect(await at.send("wait=1, policy=both")).toEqual({
      status: 200,
      applied: "policy=both",
      lanes: "kafka=stored; rabbit=stored",
    });
    expect(at.stored()).toEqual({ kafka: 2, rabbit: 2 });
    expect(await at.send("policy=random")).toMatchObject({ status: 200, applied: "policy=random" });
    expect(await at.send("policy=pulsar")).toEqual(silent);
  }, 20_000);

  test("a lane that is down fails who prefers both or that one, and nobody else", async () => {
    await using at = await chain(on, on);
    at.rabbit.behaviour.fail = "unavailable";
    expect(await at.send("policy=kafka")).toMatchObject({ status: 200, lanes: "kafka=stored" });
    for (let count = 0; count < 8; count += 1) {
      const { status, lanes } = await at.send("policy=random");
      expect([status, lanes?.includes("kafka=stored")]).toEqual([200, true]);
    }
    const reply = await at.post("policy=both");
    expect([reply.status, reply.headers.get("preference-applied")]).toEqual([503, "policy=both"]);
    expect(reply.headers.get("lane-outcomes")).toBe("kafka=stored; rabbit=unavailable");
    expect(await reply.json()).toMatchObject({ lanes: { kafka: "stored", rabbit: "unavailable" } });
    expect(await at.send("policy=rabbit")).toMatchObject({
      status: 503,
      lanes: "rabbit=unavailable",
    });
  }, 20_000);

  test("it is off by default, and ends at the first station where it is off", async () => {
    for (const [api, proxy, writer] of [
      [{}, on, true],
      [on, {}, true],
      [on, on, false],
    ] as const) {
      await using at = await chain(api, proxy, writer);
      expect(await at.send("policy=kafka")).toEqual(silent);
      expect(at.stored()).toEqual({ kafka: 1, rabbit: 1 });
    }
  }, 40_000);
});

test("a station with a writer for each broker chooses among them, and names their lanes", async () => {
  const open = (name: "kafka" | "rabbit") => {
    const { [name]: lane, options } = policyDoor();
    const station = proyecto3.stations[`${name}-writer`];
    return openGrpcDoor("writer", {
      pipeline: proyecto3,
      station,
      ...options,
      publisher: fanOut({ policy: "both", lanes: { [name]: lane } }),
    });
  };
  await using kafka = await open("kafka");
  await using rabbit = await open("rabbit");
  await using dispatcher = await relayProcess("proyecto3/dispatcher", {
    ...on,
    WRITER_TARGET: "kafka",
    KAFKA_WRITER_ADDR: kafka.address,
    RABBIT_WRITER_ADDR: rabbit.address,
  });
  await using api = await relayProcess("proyecto3/api", {
    ...on,
    NEXT_URL: dispatcher.url("/tweet"),
  });
  await until("the API to be ready", api.ready);
  expect(await send(api, "/tweet", "policy=rabbit")).toEqual({
    status: 200,
    applied: "policy=rabbit",
    lanes: "rabbit=stored",
  });
  expect(await send(api, "/tweet", "policy=both")).toEqual({
    status: 200,
    applied: "policy=both",
    lanes: "kafka=stored; rabbit=stored",
  });
  await rabbit[Symbol.asyncDispose]();
  expect(await dispatcher.ready()).toBe(true);
  expect(await send(api, "/tweet", "policy=rabbit")).toEqual({
    status: 503,
    applied: "policy=rabbit",
    lanes: "rabbit=unavailable",
  });
  expect(await send(api, "/tweet", "wait=1")).toEqual(silent);
}, 20_000);

describe.skipIf(!parts)("a writer on real brokers", () => {
  test("takes what prefers the one broker while the other is away; what prefers both fails and names them", async () => {
    await using writer = await relayProcess("clima-app/writer", {
      ...on,
      DEADLINE_MS: "2000",
      KAFKA_BROKERS: parts?.kafka.join(",") ?? "",
      KAFKA_TOPIC: `relay-prefer-${Bun.randomUUIDv7()}`,
      RABBITMQ_URL: "amqp://127.0.0.1:1",
    });
    using client = grpcJsClient(
      grpcJsService("weathertweet/weathertweet.proto", "weathertweet.WeatherTweetService"),
      writer.grpc,
    );
    const call = (prefer: string) => client.call("SendTweet", tweet, { metadata: { prefer } });
    await until("Kafka to store", async () => (await call("policy=kafka")).code === 0);
    expect((await call("policy=kafka")).metadata).toMatchObject({
      "preference-applied": "policy=kafka",
      "lane-outcomes": "kafka=stored",
    });
    const { code, metadata } = await call("policy=both");
    expect([4, 14]).toContain(code);
    expect(metadata["lane-outcomes"]).toMatch(/^kafka=stored; rabbit=/);
    expect(await writer.ready()).toBe(false);
  }, 40_000);
});
