import { describe, expect, test } from "bun:test";
import { connect } from "amqplib";
import { grpcJsClient, grpcJsService } from "../../lib/rpc/testing/grpc-js.ts";
import { until } from "../../lib/testing/until.ts";
import { climaApp } from "../../pipelines/clima-app.ts";
import { parts } from "../parts/testing.ts";
import { ownSystem, post } from "./testing/own-system.ts";
import { recordsOf } from "./testing/records-of.ts";

const tweet = { municipality: 3, temperature: 25, humidity: 60, weather: 4 };
const received = { status: "Tweet recibido y publicado ✅" };
const service = grpcJsService(
  "weathertweet/weathertweet.proto",
  "weathertweet.WeatherTweetService",
);

describe.skipIf(!parts)("clima-app on real servers", () => {
  const system = ownSystem({ pipelines: [climaApp] });
  const board = system.board(climaApp);

  test("clima-app REST API: POST /clima with numbers and names, in any case, accents optional", async () => {
    const api = system.httpOf("clima-app-api");
    expect(await (await fetch(api)).text()).toBe("hola");
    for (const change of [
      {},
      { municipality: "amatitlan", weather: "foggy" },
      { municipality: "AMATITLÁN", weather: "Foggy" },
    ]) {
      const reply = await post(`${api}/clima`, { ...tweet, ...change });
      expect([reply.status, reply.body]).toEqual([200, received]);
    }
    for (const change of [{ municipality: 0 }, { weather: "unknown" }, { temperature: 61 }]) {
      expect((await post(`${api}/clima`, { ...tweet, ...change })).status).toBe(422);
    }
  });

  test("clima-app proxy: /health, POST /tweet 202, 405 use POST, 400 bad json", async () => {
    const proxy = system.httpOf("clima-app-proxy");
    const health = await fetch(`${proxy}/health`);
    expect(await health.text()).toBe("Estamos vivos, desde el client-go");
    const reply = await post(`${proxy}/tweet`, tweet);
    expect([reply.status, reply.body]).toEqual([202, { status: "ok" }]);
    const get = await fetch(`${proxy}/tweet`);
    expect([get.status, ((await get.json()) as { title: string }).title]).toEqual([
      405,
      "use POST",
    ]);
    const junk = await post(`${proxy}/tweet`, "{");
    expect([junk.status, junk.body.title]).toEqual([400, "bad json"]);
  });

  test("clima-app proxy and writer: SendTweet over gRPC", async () => {
    for (const place of ["clima-app/proxy", "clima-app/writer"]) {
      using client = grpcJsClient(service, system.get().urls.grpc[place] ?? "");
      const outcome = await client.call("SendTweet", tweet);
      expect([outcome.code, outcome.reply]).toEqual([0, received]);
    }
  });

  test("clima-app broker message: Spanish fields and labels, foggy as Neblinoso, on topic and queue", async () => {
    const form = { municipio: "Amatitlán", temperatura: 25, humedad: 60, clima: "Neblinoso" };
    const connection = await connect(system.get().urls.rabbit);
    const channel = await connection.createChannel();
    // A queue gives a message to one consumer only: ours waits while somebody else looks.
    const consumer = system.child("clima-app-rabbit-consumer");
    await consumer.stop();
    await post(`${system.get().urls.http}/clima`, tweet);
    const message = await until("a message in the queue", () => channel.get("clima"));
    expect(JSON.parse(message.content.toString())).toEqual(form);
    expect(message.properties).toMatchObject({ contentType: "application/json", deliveryMode: 2 });
    channel.nack(message, false, true);
    await connection.close();
    await consumer.start();
    const records = await recordsOf(system.get().urls.kafka, "clima");
    expect(records.map(({ value }) => JSON.parse(value))).toContainEqual(form);
  }, 30_000);

  test("clima-app Valkey keys: the latest report for an hour, a bounded stream", async () => {
    const { stored } = await board.drained();
    using valkey = system.valkey(climaApp);
    const { client } = valkey;
    const latest = await client.hgetall("municipality:amatitlan");
    expect(latest).toMatchObject({
      name: "Amatitlán",
      temperature: "25",
      humidity: "60",
      weather: "Neblinoso",
    });
    expect(latest.last_update).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(await client.pttl("municipality:amatitlan")).toBeGreaterThan(3_500_000);
    expect(await client.xlen("clima:amatitlan")).toBe(stored);
    const [entry] = await client.xrevrange("clima:amatitlan", "+", "-", "COUNT", 1);
    const fields = entry?.[1] ?? [];
    expect(fields.filter((_, index) => index % 2 === 0)).toEqual([
      "ts",
      "temperature",
      "humidity",
      "weather",
    ]);
  });

  test("clima-app fix: a tweet that comes by both brokers counts once", async () => {
    const { stored, lanes } = await board.drained();
    const { total } = await board.state();
    expect(total).toBe(`${stored}`);
    expect(lanes.kafka?.published).toBe(stored);
    expect(lanes.rabbit?.published).toBeGreaterThanOrEqual(stored);
  });
});
