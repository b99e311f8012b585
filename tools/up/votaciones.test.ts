import { describe, expect, test } from "bun:test";
import { Kafka } from "kafkajs";
import { grpcJsClient, grpcJsService } from "../../lib/rpc/testing/grpc-js.ts";
import { votaciones } from "../../pipelines/votaciones.ts";
import { parts } from "../parts/testing.ts";
import { ownSystem, post } from "./testing/own-system.ts";
import { recordsOf } from "./testing/records-of.ts";

const vote = { name: "Soda Stereo", album: "Canción Animal", year: "1990", rank: "3" };
const service = grpcJsService("confproto/confproto.proto", "confproto.getInfo");
const sentToKafka = "Data received and sent to Kafka successfully";

describe.skipIf(!parts)("votaciones on real servers", () => {
  const system = ownSystem({ pipelines: [votaciones] });
  const board = system.board(votaciones);
  const edge = () => system.get().urls.http;

  test("votaciones routes: /rust/send_data by way of /data", async () => {
    const reply = await post(`${edge()}/rust/send_data`, vote);
    expect([reply.status, reply.body]).toEqual([200, "Data sent successfully!"]);
    const hop = await post(`${system.httpOf("votaciones-rest-writer")}/data`, vote);
    expect([hop.status, hop.body]).toEqual([200, { message: sentToKafka }]);
  });

  test("votaciones routes: /grpc/insert by way of returnInfo, and GET /grpc", async () => {
    const reply = await post(`${edge()}/grpc/insert`, vote);
    expect([reply.status, reply.body]).toEqual([200, { message: sentToKafka }]);
    expect((await fetch(`${edge()}/grpc`)).status).toBe(200);
    using client = grpcJsClient(service, system.get().urls.grpc["votaciones/grpc-writer"] ?? "");
    const outcome = await client.call("returnInfo", vote);
    expect([outcome.code, outcome.reply]).toEqual([0, { info: sentToKafka }]);
  });

  test("votaciones body: four strings, numbers taken as strings, anything else refused", async () => {
    const before = await board.drained();
    const numbers = await post(`${edge()}/rust/send_data`, { ...vote, year: 1990, rank: 3 });
    expect(numbers.status).toBe(200);
    for (const change of [{ name: null }, { album: true }, { year: [] }, { rank: "" }]) {
      const refused = await post(`${edge()}/grpc/insert`, { ...vote, ...change });
      expect(refused.status).toBe(422);
      expect(JSON.stringify(refused.body)).toContain(Object.keys(change).join());
    }
    const { name: _, ...missing } = vote;
    expect((await post(`${edge()}/rust/send_data`, missing)).status).toBe(422);
    expect((await post(`${edge()}/rust/send_data`, "name=Soda")).status).toBe(400);
    expect((await board.drained()).stored).toBe(before.stored + 1);
  });

  test("votaciones Kafka: key is the rank, the value JSON, messages kept for 2 hours", async () => {
    const records = await recordsOf(system.get().urls.kafka, "topic-sopes1");
    expect(records.length).toBeGreaterThan(0);
    for (const { key, value } of records) {
      expect(key).toBe("3");
      expect(JSON.parse(value)).toEqual(vote);
    }
    const admin = new Kafka({ brokers: [...system.get().urls.kafka], logLevel: 0 }).admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: "topic-sopes1", configNames: ["retention.ms"] }],
    });
    const topics = await admin.fetchTopicMetadata({ topics: ["topic-sopes1"] });
    await admin.disconnect();
    expect(resources[0]?.configEntries[0]?.configValue).toBe("7200000");
    expect(topics.topics[0]?.partitions).toHaveLength(5);
  });

  test("votaciones Redis: total, bands, votos_banda and votos_album", async () => {
    const { stored } = await board.drained();
    using valkey = system.valkey(votaciones);
    const { client } = valkey;
    expect(await client.get("total")).toBe(`${stored}`);
    expect(await client.hgetall("bands")).toEqual({
      "Canción Animal (1990) - (Soda Stereo) : No:3": `${stored}`,
    });
    expect(await client.hgetall("votos_banda")).toEqual({ "Soda Stereo": `${stored}` });
    expect(await client.hgetall("votos_album")).toEqual({ "Canción Animal": `${stored}` });
  });

  test("votaciones' ledger has the lane that the pipeline has, and closes", async () => {
    const ledger = await board.drained();
    expect(Object.keys(ledger.lanes)).toEqual(["kafka"]);
    expect(ledger.closes).toBe(true);
  });
});
