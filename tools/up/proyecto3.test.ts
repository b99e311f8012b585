import { describe, expect, test } from "bun:test";
import { grpcJsClient, grpcJsService } from "../../lib/rpc/testing/grpc-js.ts";
import { until } from "../../lib/testing/until.ts";
import { proyecto3 } from "../../pipelines/proyecto3.ts";
import { parts } from "../parts/testing.ts";
import { ownSystem, post } from "./testing/own-system.ts";

const tweet = { municipality: "chinautla", temperature: 31, humidity: 70, weather: "foggy" };
const service = grpcJsService("wethertweet/wethertweet.proto", "wethertweet.WeatherTweetService");
const testMs = 60_000;

describe.skipIf(!parts)("proyecto3 on real servers", () => {
  const system = ownSystem({ pipelines: [proyecto3] });
  const board = system.board(proyecto3);
  const total = async () => Number((await board.state()).total);

  test("proyecto3 REST API: GET /health, and POST /tweet with names and with numbers", async () => {
    const api = system.httpOf("proyecto3-api");
    expect((await fetch(`${api}/health`)).status).toBe(200);
    for (const body of [tweet, { ...tweet, municipality: 4, weather: 4 }]) {
      const reply = await post(`${api}/tweet`, body);
      expect([reply.status, reply.body]).toEqual([200, { status: "ok" }]);
      expect(reply.id).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test("proyecto3 second API: GET /health, and POST /tweet answers 200, 400, 422 and 405", async () => {
    const api = system.httpOf("proyecto3-dispatcher");
    expect((await fetch(`${api}/health`)).status).toBe(200);
    expect((await post(`${api}/tweet`, tweet)).body).toEqual({ status: "ok" });
    expect((await post(`${api}/tweet`, "{")).status).toBe(400);
    const refused = await post(`${api}/tweet`, { ...tweet, temperature: "25", wind: 1 });
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain("temperature");
    expect(JSON.stringify(refused.body)).toContain("wind");
    const get = await fetch(`${api}/tweet`);
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
  });

  test("proyecto3 writers: SendTweet on either, one broker each", async () => {
    const { grpc } = system.get().urls;
    for (const [writer, lane] of [
      ["proyecto3/kafka-writer", "kafka"],
      ["proyecto3/rabbit-writer", "rabbit"],
    ] as const) {
      const before = await board.ledger();
      using client = grpcJsClient(service, grpc[writer] ?? "");
      const outcome = await client.call("SendTweet", tweet);
      expect([outcome.code, outcome.reply]).toEqual([0, { status: "ok" }]);
      await until(`one more applied on ${lane}`, async () => {
        const now = await board.ledger();
        return now.lanes[lane]?.applied === (before.lanes[lane]?.applied ?? 0) + 1;
      });
    }
  });

  test(
    "proyecto3 fix: a writer's failure reaches the client, named by lane, and a repeat counts once",
    async () => {
      const writer = system.child("proyecto3-rabbit-writer");
      const key = { "idempotency-key": Bun.randomUUIDv7() };
      const before = await total();
      await writer.stop();
      const refused = await post(`${system.get().urls.http}/proyecto3/tweet`, tweet, key);
      expect(refused.status).toBe(503);
      expect(refused.body.lanes.kafka).toBe("stored");
      expect(refused.body.lanes.rabbit).not.toBe("stored");
      await writer.start();
      const again = () => post(`${system.get().urls.http}/proyecto3/tweet`, tweet, key);
      await until("the repeat to be stored", async () => (await again()).status === 200);
      await board.drained();
      expect(await total()).toBe(before + 1);
    },
    testMs,
  );

  test(
    "proyecto3 Valkey keys: counters, tweets for an hour, bounded lists for a day",
    async () => {
      const sent = await post(`${system.get().urls.http}/proyecto3/tweet`, {
        ...tweet,
        humidity: 71,
      });
      expect(sent.status).toBe(200);
      const { stored } = await board.drained();
      using valkey = system.valkey(proyecto3);
      const { client: redis } = valkey;
      expect(Number(await redis.get("municipality:chinautla"))).toBe(stored);
      expect(Number(await redis.get("weather:foggy"))).toBe(stored);
      expect(await redis.pttl("municipality:chinautla")).toBe(-1);
      for (const list of ["temperature:chinautla", "humidity:chinautla"]) {
        expect(await redis.llen(list)).toBe(stored);
        const ttlMs = await redis.pttl(list);
        expect(ttlMs).toBeGreaterThan(86_000_000);
        expect(ttlMs).toBeLessThanOrEqual(86_400_000);
      }
      expect(await redis.lrange("humidity:chinautla", 0, -1)).toContain("71");
      const tweets = await redis.keys("tweet:*");
      expect(tweets).toHaveLength(stored);
      const [one = ""] = tweets;
      expect(one).toMatch(/^tweet:\d{19}$/);
      expect(JSON.parse((await redis.get(one)) ?? "")).toMatchObject({
        municipality: "chinautla",
      });
      const ttlMs = await redis.pttl(one);
      expect(ttlMs).toBeGreaterThan(3_500_000);
      expect(ttlMs).toBeLessThanOrEqual(3_600_000);
    },
    testMs,
  );
});
