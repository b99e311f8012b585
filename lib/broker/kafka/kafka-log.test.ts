import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Admin, Kafka, logLevel, Partitioners } from "kafkajs";
import { parts } from "../../../tools/parts/testing.ts";
import { until } from "../../testing/until.ts";
import { collector } from "../testing/collector.ts";
import { messagesOf, publishAll } from "../testing/messages.ts";
import { ensureTopic } from "./ensure-topic.ts";
import { kafkaEnds } from "./kafka-ends.ts";
import { kafkaPublisher } from "./kafka-publisher.ts";
import { kafkaSubscriber } from "./kafka-subscriber.ts";

const brokers = [...(parts?.kafka ?? ["127.0.0.1:1"])];
const client = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
const patiently = { timeoutMs: 20_000 };

/** A topic of one partition, so that its offsets are known. */
async function newTopic(): Promise<{ readonly topic: string; readonly partition: string }> {
  const topic = `log-${crypto.randomUUID()}`;
  const { id } = await ensureTopic({ brokers }, topic, { partitions: 1 });
  return { topic, partition: `${id}/0` };
}

const subscriber = (topic: string) =>
  kafkaSubscriber({ brokers, topic, group: topic, resyncMs: 200, pauseMs: 20 });

describe.skipIf(!parts)("Kafka's log", () => {
  let admin: Admin;
  beforeAll(async () => {
    admin = client.admin();
    await admin.connect();
  });
  afterAll(() => admin.disconnect());

  test("has holes where transactions end, which are proven and passed", async () => {
    const { topic, partition } = await newTopic();
    const producer = client.producer({
      ...{ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true },
      ...{ transactionalId: topic, maxInFlightRequests: 1 },
    });
    await producer.connect();
    const transact = async (values: string[], end: "commit" | "abort") => {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: values.map((value) => ({ value })) });
      await transaction[end]();
    };
    const store = collector();
    const first = await subscriber(topic).subscribe(store);
    await transact(["a", "b"], "commit");
    await until("the first ones", () => store.messages.length === 2, patiently);
    await first[Symbol.asyncDispose]();
    await transact(["no", "no"], "abort");
    await transact(["c"], "commit");
    await transact(["d", "e"], "commit");
    await transact(["never"], "abort");
    await producer.disconnect();
    await using _ = await subscriber(topic).subscribe(store);
    // 6 messages in committed transactions, 3 in aborted ones, 5 markers: the last ones reach no handler by themselves.
    await until("the end of the log", () => store.cursors.get(partition) === 13, patiently);
    const texts = store.messages.map(({ body }) => Buffer.from(body).toString());
    expect(texts).toEqual(["a", "b", "c", "d", "e"]);
    expect(store.gaps).toEqual({ hole: 8, lost: 0 });
    await using ends = kafkaEnds({ brokers, topic });
    expect(await ends.read()).toEqual(new Map([[partition, 13]]));
  }, 60_000);

  test("is another one when its topic is made anew: nothing there is skipped", async () => {
    const { topic, partition } = await newTopic();
    await using publisher = kafkaPublisher({ brokers, topic, create: { partitions: 1 } });
    const store = collector();
    await using subscription = await subscriber(topic).subscribe(store);
    await publishAll(publisher, messagesOf(30));
    await until("the first ones", () => store.messages.length === 30, patiently);
    await admin.deleteTopics({ topics: [topic] });
    // The publisher makes the topic anew.
    const sent = messagesOf(40);
    const results = await publisher.publish(sent, { deadlineAtMs: Date.now() + 20_000 });
    expect(results.every(({ stored }) => stored)).toBe(true);
    const arrived = () => sent.every(({ id }) => store.ids().has(id));
    await until("those of the new topic", arrived, { timeoutMs: 30_000 });
    const [other] = [...store.cursors.keys()].filter((name) => name !== partition);
    expect(store.cursors.get(other ?? "")).toBe(40);
    await until("readiness", () => subscription.ready(), patiently);
  }, 90_000);

  test("may have lost its head: that is told, and what is left is delivered", async () => {
    const { topic, partition } = await newTopic();
    await using publisher = kafkaPublisher({ brokers, topic });
    const sent = messagesOf(30);
    await publishAll(publisher, sent);
    const cut = async (offset: number) => {
      // It finds the leader only where somebody asked for the topic before.
      await admin.fetchTopicOffsets(topic);
      const partitions = [{ partition: 0, offset: String(offset) }];
      await admin.deleteTopicRecords({ topic, partitions });
    };
    await cut(20);
    const store = collector();
    store.cursors.set(partition, 10);
    const first = await subscriber(topic).subscribe(store);
    await until("the rest", () => store.cursors.get(partition) === 30, patiently);
    await first[Symbol.asyncDispose]();
    expect(store.gaps).toEqual({ hole: 0, lost: 10 });
    expect(store.messages.map(({ id }) => id)).toEqual(sent.slice(20).map(({ id }) => id));
    // Nothing is left to deliver, and the loss is told all the same.
    await publishAll(publisher, messagesOf(5));
    await cut(35);
    await using _ = await subscriber(topic).subscribe(store);
    await until("the end", () => store.cursors.get(partition) === 35, patiently);
    expect(store.gaps).toEqual({ hole: 0, lost: 15 });
  }, 60_000);

  test("delivers to a store that is ahead of it, from its end on", async () => {
    const { topic, partition } = await newTopic();
    await using publisher = kafkaPublisher({ brokers, topic });
    await publishAll(publisher, messagesOf(10));
    const offered: number[] = [];
    await using subscription = await subscriber(topic).subscribe({
      resumeFrom: async () => new Map([[partition, 1_000]]),
      async handle({ messages }) {
        offered.push(...messages.map(({ offset }) => offset ?? -1));
        return 1_000;
      },
    });
    await until("readiness", () => subscription.ready(), patiently);
    await publishAll(publisher, messagesOf(3));
    await until("the new ones", () => offered.length >= 3, patiently);
    expect(offered.slice(0, 3)).toEqual([10, 11, 12]);
  }, 60_000);
});
