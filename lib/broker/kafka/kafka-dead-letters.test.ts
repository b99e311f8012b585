import { describe, expect, test } from "bun:test";
import { Kafka, logLevel, Partitioners } from "kafkajs";
import { parts } from "../../../tools/parts/testing.ts";
import { until } from "../../testing/until.ts";
import { deadLettersSuite, readAll, readOnce } from "../dead-letters.suite.ts";
import { letterBox } from "../letter-box.ts";
import { message, messagesOf, publishAll } from "../testing/messages.ts";
import { ensureTopic } from "./ensure-topic.ts";
import { kafkaLetterLog } from "./kafka-letter-log.ts";
import { kafkaPublisher } from "./kafka-publisher.ts";

const brokers = [...(parts?.kafka ?? ["127.0.0.1:1"])];
const newTopic = () => `letters-${crypto.randomUUID()}.dlq`;
const lettersIn = (topic: string) => letterBox(kafkaLetterLog({ brokers, topic }));

/** Does something as Kafka's administrator. */
async function withAdmin(work: (admin: ReturnType<Kafka["admin"]>) => Promise<unknown>) {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await work(admin);
  await admin.disconnect();
}

describe.skipIf(!parts)("with a real broker", () => {
  for (const partitions of [1, 3]) {
    deadLettersSuite(`Kafka, partitions: ${partitions}`, async () => {
      const topic = newTopic();
      return {
        publisher: () => kafkaPublisher({ brokers, topic, create: { partitions } }),
        letters: () => lettersIn(topic),
        async [Symbol.asyncDispose]() {},
      };
    });
  }

  test("looking at Kafka's dead letters leaves no group behind", async () => {
    const topic = newTopic();
    await using publisher = kafkaPublisher({ brokers, topic });
    await publishAll(publisher, messagesOf(3));
    const groups = new Set<string>();
    const listGroups = () =>
      withAdmin(async (admin) => {
        for (const { groupId } of (await admin.listGroups()).groups) groups.add(groupId);
      });
    await listGroups();
    const before = groups.size;
    await using letters = lettersIn(topic);
    await readOnce(3, letters);
    await listGroups();
    expect(groups.size).toBe(before);
  });

  // The broker compresses anew, with Java's own codecs.
  test.each(["gzip", "snappy", "lz4", "zstd"])(
    "Kafka's dead letters are read where they are compressed by %s",
    async (codec) => {
      const topic = newTopic();
      const configEntries = [{ name: "compression.type", value: codec }];
      await withAdmin((admin) =>
        admin.createTopics({
          waitForLeaders: false,
          topics: [{ topic, numPartitions: 1, configEntries }],
        }),
      );
      await ensureTopic({ brokers }, topic);
      await using publisher = kafkaPublisher({ brokers, topic });
      const sent = Array.from({ length: 60 }, (_, i) => {
        const noise = crypto.getRandomValues(new Uint8Array(i * 50));
        const body = Buffer.concat([Buffer.from(`{"city":"Amatitlán"}`.repeat(i)), noise]);
        return message({ body, headers: { reason: "late", país: "✅" } });
      });
      await publishAll(publisher, sent);
      await using letters = lettersIn(topic);
      const read = await readOnce(60, letters);
      expect(read.map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
      expect(read.map(({ message: { body } }) => Buffer.from(body))).toEqual(
        sent.map(({ body }) => Buffer.from(body)),
      );
      expect(read[0]?.message.headers).toEqual({ reason: "late", país: "✅" });
    },
    30_000,
  );

  test("Kafka's dead letters are read behind a head that was cut, and large ones whole", async () => {
    const topic = newTopic();
    await ensureTopic({ brokers }, topic, { partitions: 1 });
    await using publisher = kafkaPublisher({ brokers, topic });
    await using letters = lettersIn(topic);
    const sent = messagesOf(60, { body: Buffer.alloc(120_000, "x") });
    for (const each of sent) await publishAll(publisher, [each]);
    await readOnce(60, letters);
    await withAdmin(async (admin) => {
      // It finds the leader only where somebody asked for the topic before.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "50" }] });
    });
    for (const looking of [letters, lettersIn(topic)]) {
      await using _ = looking;
      const read = await readOnce(10, looking);
      expect(read.map(({ id }) => id)).toEqual(sent.slice(50).map(({ id }) => id));
      expect(read.every(({ message: { body } }) => body.length === 120_000)).toBe(true);
    }
  }, 60_000);

  test("a foreign message among Kafka's dead letters is named by its position, and settled", async () => {
    const topic = newTopic();
    // Of several partitions one may have no leader yet: the plain producer would send again what the others have.
    await ensureTopic({ brokers }, topic, { partitions: 1 });
    const client = new Kafka({ brokers, logLevel: logLevel.NOTHING });
    const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic, messages: [{ value: "one" }, { key: "k", value: "two" }] });
    await producer.disconnect();
    await using letters = lettersIn(topic);
    const [first, second] = await readOnce(2, letters);
    if (first === undefined) throw new Error("Cannot test without it");
    expect(first.message.id).toBeUndefined();
    expect((await readAll(lettersIn(topic)))[0]?.id).toBe(first.id);
    await letters.settle([{ letter: first, as: "redriven" }]);
    expect((await readOnce(1, lettersIn(topic)))[0]?.id).toBe(second?.id as never);
  }, 30_000);

  test("a topic of dead letters that was made anew has none of the old ones", async () => {
    const topic = newTopic();
    const fill = async (count: number) => {
      await using publisher = kafkaPublisher({ brokers, topic, create: { partitions: 1 } });
      await publishAll(publisher, messagesOf(count));
    };
    await fill(5);
    await using letters = lettersIn(topic);
    await readOnce(5, letters);
    await withAdmin((admin) => admin.deleteTopics({ topics: [topic] }));
    await until("no letters", async () => (await letters.tally()).waiting === 0);
    await fill(7);
    await readOnce(7, letters);
  }, 30_000);

  test("a topic of dead letters is made with its bounds", async () => {
    const topic = newTopic();
    await ensureTopic({ brokers }, topic, { partitions: 1, retentionBytes: 67_108_864 });
    await withAdmin(async (admin) => {
      const configNames = ["retention.bytes", "segment.bytes"];
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: 2, name: topic, configNames }],
      });
      expect(
        Object.fromEntries(
          resources[0]?.configEntries.map(({ configName, configValue }) => [
            configName,
            configValue,
          ]) ?? [],
        ),
      ).toEqual({ "retention.bytes": "67108864", "segment.bytes": "4194304" });
    });
  });
});

test("kafkaLetterLog() rejects where no broker answers", async () => {
  await using letters = letterBox(kafkaLetterLog({ brokers: ["127.0.0.1:1"], topic: "any" }));
  await expect(letters.tally()).rejects.toThrow("ECONNREFUSED");
  await expect(readAll(letters)).rejects.toThrow("ECONNREFUSED");
});
