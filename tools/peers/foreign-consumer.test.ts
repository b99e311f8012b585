import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { until } from "../../lib/testing/until.ts";
import { parts } from "../parts/testing.ts";
import { contracts } from "./contracts.ts";
import { installTimeoutMs } from "./install.ts";
import { type PythonPeer, pythonPeer } from "./python-peer.ts";
import { startService } from "./service.ts";

const readyMs = { timeoutMs: 20_000 };

const reports = [
  { municipality: "mixco", temperature: -50, humidity: 0, weather: "sunny" },
  { municipality: "guatemala", temperature: 0, humidity: 60, weather: "cloudy" },
  { municipality: "amatitlan", temperature: 25, humidity: 61, weather: "rainy" },
  { municipality: "chinautla", temperature: 60, humidity: 100, weather: "foggy" },
];

const votes = [
  { name: "Café Tacvba", album: "Re", year: "1994", rank: "1" },
  { name: 'La "Ley"', album: "Invisible\\", year: "1995", rank: "2" },
];

interface Case {
  readonly station: string;
  readonly requests: readonly object[];
  /** What a reader finds, to the letter. */
  readonly texts: readonly string[];
  readonly keys: readonly (string | null)[];
}

/** Writers to Kafka and RabbitMQ, and what stands on the brokers after them. */
const cases: { readonly kafka: readonly Case[]; readonly rabbit: readonly Case[] } = (() => {
  const proyecto3 = reports.map((each) => JSON.stringify(each));
  const noKeys = reports.map(() => null);
  const clima = {
    station: "clima-app/writer",
    requests: reports,
    texts: [
      '{"municipio":"Mixco","temperatura":-50,"humedad":0,"clima":"Soleado"}',
      '{"municipio":"Guatemala","temperatura":0,"humedad":60,"clima":"Nublado"}',
      '{"municipio":"Amatitlán","temperatura":25,"humedad":61,"clima":"Lluvioso"}',
      '{"municipio":"Chinautla","temperatura":60,"humedad":100,"clima":"Neblinoso"}',
    ],
    keys: noKeys,
  };
  const writer = { requests: reports, texts: proyecto3, keys: noKeys };
  return {
    kafka: [
      { station: "proyecto3/kafka-writer", ...writer },
      clima,
      {
        station: "votaciones/grpc-writer",
        requests: votes,
        texts: [
          '{"name":"Café Tacvba","album":"Re","year":"1994","rank":"1"}',
          '{"name":"La \\"Ley\\"","album":"Invisible\\\\","year":"1995","rank":"2"}',
        ],
        keys: ["1", "2"],
      },
    ],
    rabbit: [{ station: "proyecto3/rabbit-writer", ...writer }, clima],
  };
})();

describe.skipIf(!parts)("a foreign consumer of what our relays publish", () => {
  let python: PythonPeer;
  beforeAll(async () => {
    if (parts) python = await pythonPeer(parts);
  }, installTimeoutMs);
  afterAll(() => python[Symbol.asyncDispose]());

  /** Sends the requests by Python's gRPC, and yields the ids that the replies carry. */
  async function send({ station, requests }: Case, name: string): Promise<readonly string[]> {
    const contract = contracts.find(({ pipeline }) => station.startsWith(`${pipeline.name}/`));
    await using relay = await startService("relay", station, {
      KAFKA_BROKERS: parts?.kafka.join(",") ?? "",
      KAFKA_TOPIC: name,
      RABBIT_URL: parts?.rabbit ?? "",
      RABBIT_QUEUE: name,
    });
    await until(`${station} to be ready`, relay.ready, readyMs);
    const { service = "", method = "" } = contract ?? {};
    const outcomes = await Promise.all(
      requests.map((request) => python.call({ address: relay.grpc, service, method, request })),
    );
    expect(outcomes.map(({ code }) => code)).toEqual(outcomes.map(() => 0));
    return outcomes.map(({ metadata }) => metadata["idempotency-key"] ?? "none");
  }

  for (const each of cases.kafka) {
    test(`reads ${each.station}'s topic: names and words of the contract, the id as a header`, async () => {
      const topic = `foreign-${crypto.randomUUID()}`;
      const ids = await send(each, topic);
      const records = await python.readKafka(topic, ids.length);
      // Partitions have no order among each other.
      const found = new Map(records.map((record) => [record.headers.id, record]));
      const inOrder = ids.map((id) => found.get(id));
      expect(inOrder.map((record) => record?.text)).toEqual([...each.texts]);
      expect(inOrder.map((record) => record?.json)).toEqual(
        each.texts.map((text) => JSON.parse(text)),
      );
      expect(inOrder.map((record) => record?.key)).toEqual([...each.keys]);
    }, 40_000);
  }

  for (const each of cases.rabbit) {
    test(`reads ${each.station}'s queue: durable, persistent JSON, the id as message id`, async () => {
      const queue = `foreign-${crypto.randomUUID()}`;
      const ids = await send(each, queue);
      const records = await python.readRabbit(queue, ids.length);
      const found = new Map(records.map((record) => [record.messageId, record]));
      const inOrder = ids.map((id) => found.get(id));
      expect(inOrder.map((record) => record?.text)).toEqual([...each.texts]);
      expect(inOrder.map((record) => record?.json)).toEqual(
        each.texts.map((text) => JSON.parse(text)),
      );
      for (const record of records) {
        expect(record).toMatchObject({ contentType: "application/json", persistent: true });
      }
      await expect(python.declareRabbit(queue, false)).rejects.toThrow(
        "inequivalent arg 'durable'",
      );
    }, 40_000);
  }

  test("may declare the queue itself, durable and with nothing else; our relay uses it as it is", async () => {
    const [each] = cases.rabbit;
    if (each === undefined) throw new Error("Cannot test: there is no case");
    const queue = `foreign-${crypto.randomUUID()}`;
    await python.declareRabbit(queue, true);
    await send(each, queue);
    await python.declareRabbit(queue, true);
    const records = await python.readRabbit(queue, each.texts.length);
    expect(records.map(({ text }) => text).sort()).toEqual([...each.texts].sort());
  }, 40_000);
});
