import { describe, expect, test } from "bun:test";
import { Kafka, logLevel, Partitioners } from "kafkajs";
import { parts } from "../../../tools/parts/testing.ts";
import { newEventId } from "../../event/event-id.ts";
import { until } from "../../testing/until.ts";
import { collector } from "../testing/collector.ts";
import { ensureTopic } from "./ensure-topic.ts";
import { kafkaEnds } from "./kafka-ends.ts";
import { kafkaSubscriber } from "./kafka-subscriber.ts";

const brokers = [...(parts?.kafka ?? ["127.0.0.1:1"])];
const client = new Kafka({ brokers, logLevel: logLevel.NOTHING });
const patiently = { timeoutMs: 20_000 };

async function produce(
  topic: string,
  messages: { value: Buffer | null; headers?: Record<string, string | Buffer> }[],
) {
  const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic, messages });
  await producer.disconnect();
}

describe.skipIf(!parts)("a foreign producer's message on Kafka", () => {
  test("is delivered with what it has", async () => {
    const topic = `foreign-${crypto.randomUUID()}`;
    await ensureTopic({ brokers }, topic, { partitions: 1 });
    const id = newEventId();
    await produce(topic, [
      { value: Buffer.from("bare") },
      { value: null },
      { value: Buffer.from("odd"), headers: { id: "7", note: "x" } },
      { value: Buffer.from("ours"), headers: { id: Buffer.from(id.toUpperCase()) } },
    ]);
    const store = collector();
    await using _ = await kafkaSubscriber({ brokers, topic, group: topic }).subscribe(store);
    await until("all of them", () => store.messages.length === 4, patiently);
    expect(store.messages.map((one) => one.id)).toEqual([undefined, undefined, undefined, id]);
    const texts = store.messages.map(({ body }) => Buffer.from(body).toString());
    expect(texts).toEqual(["bare", "", "odd", "ours"]);
    expect(store.messages[2]?.headers).toEqual({ note: "x" });
  }, 30_000);

  // The broker compresses anew, with Java's own codecs.
  test.each(["gzip", "snappy", "lz4", "zstd"])(
    "is read where it is compressed by %s",
    async (codec) => {
      const topic = `foreign-${crypto.randomUUID()}`;
      const admin = client.admin();
      await admin.connect();
      await admin.createTopics({
        waitForLeaders: false,
        topics: [
          { topic, numPartitions: 1, configEntries: [{ name: "compression.type", value: codec }] },
        ],
      });
      await admin.disconnect();
      await ensureTopic({ brokers }, topic);
      // Repetitions near and far, noise, and more than the 64 KiB of one LZ4 block.
      const bodies = Array.from({ length: 60 }, (_, i) => {
        const noise = crypto.getRandomValues(new Uint8Array(i * 50));
        return Buffer.concat([Buffer.from(`{"n":${i},"city":"Amatitlán"}`.repeat(i)), noise]);
      });
      await produce(
        topic,
        bodies.map((value) => ({ value })),
      );
      const store = collector();
      await using _ = await kafkaSubscriber({ brokers, topic, group: topic }).subscribe(store);
      await until("all of them", () => store.messages.length === bodies.length, patiently);
      expect(store.messages.map(({ body }) => Buffer.from(body))).toEqual(bodies);
    },
    30_000,
  );
});

describe.skipIf(!parts)("kafkaEnds()", () => {
  test("is empty where there is no such topic", async () => {
    await using ends = kafkaEnds({ brokers, topic: `none-${crypto.randomUUID()}` });
    expect((await ends.read()).size).toBe(0);
  });

  test("rejects where no broker answers", async () => {
    await using ends = kafkaEnds({ brokers: ["127.0.0.1:1"], topic: "any" });
    expect(ends.read()).rejects.toThrow("ECONNREFUSED");
  });
});
