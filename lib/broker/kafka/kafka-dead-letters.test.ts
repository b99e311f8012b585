import { describe, expect, test } from "bun:test";
import { Kafka, logLevel } from "kafkajs";
import { parts } from "../../../tools/parts/testing.ts";
import { until } from "../../testing/until.ts";
import { deadLetterSuite } from "../dead-letter.suite.ts";
import { message, messagesOf, publishAll } from "../testing/messages.ts";
import { ensureTopic } from "./ensure-topic.ts";
import { kafkaDeadLetters } from "./kafka-dead-letters.ts";
import { kafkaPublisher } from "./kafka-publisher.ts";
import { kafkaSubscriber } from "./kafka-subscriber.ts";

const brokers = [...(parts?.kafka ?? ["127.0.0.1:1"])];
const newTopic = () => `letters-${crypto.randomUUID()}.dlq`;

/** Does something as Kafka's administrator. */
async function withAdmin(work: (admin: ReturnType<Kafka["admin"]>) => Promise<unknown>) {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await work(admin);
  await admin.disconnect();
}

describe.skipIf(!parts)("with a real broker", () => {
  deadLetterSuite("Kafka", async () => {
    const topic = newTopic();
    return {
      publisher: () => kafkaPublisher({ brokers, topic }),
      subscriber: () => kafkaSubscriber({ brokers, topic, group: topic }),
      reader: () => kafkaDeadLetters({ brokers, topic }),
      async [Symbol.asyncDispose]() {},
    };
  });

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
    await using reader = kafkaDeadLetters({ brokers, topic });
    expect((await reader.newest(20)).length).toBe(3);
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
      await using reader = kafkaDeadLetters({ brokers, topic });
      const read = (await reader.newest(40)).toReversed();
      expect(read.map(({ id }) => id)).toEqual(sent.slice(20).map(({ id }) => id));
      expect(read.map(({ body }) => Buffer.from(body))).toEqual(
        sent.slice(20).map(({ body }) => Buffer.from(body)),
      );
      expect(read[0]?.headers).toEqual({ reason: "late", país: "✅" });
    },
    30_000,
  );

  test("Kafka's dead letters are read behind a head that was cut, and large ones whole", async () => {
    const topic = newTopic();
    await ensureTopic({ brokers }, topic, { partitions: 1 });
    await using publisher = kafkaPublisher({ brokers, topic });
    const sent = Array.from({ length: 60 }, () => message({ body: Buffer.alloc(120_000, "x") }));
    for (const each of sent) await publishAll(publisher, [each]);
    await withAdmin(async (admin) => {
      // It finds the leader only where somebody asked for the topic before.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "50" }] });
    });
    await using reader = kafkaDeadLetters({ brokers, topic });
    await until("the cut", async () => (await reader.waiting()) === 10);
    const read = await reader.newest(100);
    expect(read.map(({ id }) => id)).toEqual(
      sent
        .slice(50)
        .map(({ id }) => id)
        .reverse(),
    );
    expect(read.every(({ body }) => body.length === 120_000)).toBe(true);
  }, 60_000);
});

test("kafkaDeadLetters() rejects where no broker answers", async () => {
  await using reader = kafkaDeadLetters({ brokers: ["127.0.0.1:1"], topic: "any" });
  await expect(reader.newest(20)).rejects.toThrow("ECONNREFUSED");
  await expect(reader.waiting()).rejects.toThrow("ECONNREFUSED");
});
