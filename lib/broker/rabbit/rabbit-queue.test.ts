import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type ChannelModel, connect } from "amqplib";
import { parts } from "../../../tools/parts/testing.ts";
import { createLog } from "../../log.ts";
import { until } from "../../testing/until.ts";
import { readOnce } from "../dead-letters.suite.ts";
import { letterBox } from "../letter-box.ts";
import { collector } from "../testing/collector.ts";
import { message, messagesOf, outcome, publishAll } from "../testing/messages.ts";
import { rabbitDepth } from "./rabbit-depth.ts";
import { rabbitLetterLog } from "./rabbit-letter-log.ts";
import { rabbitPublisher } from "./rabbit-publisher.ts";
import { rabbitSubscriber } from "./rabbit-subscriber.ts";

const url = parts?.rabbit ?? "";
const newQueue = () => `queue-${crypto.randomUUID()}`;
const inMs = (ms: number) => ({ deadlineAtMs: Date.now() + ms });

describe.skipIf(!parts)("RabbitMQ's queue", () => {
  let model: ChannelModel;
  beforeAll(async () => {
    model = await connect(url);
  });
  afterAll(() => model.close());

  test("refuses what does not fit: not stored, and stored once there is room", async () => {
    const queue = newQueue();
    const create = { lengthMax: 5 };
    await using publisher = rabbitPublisher({ url, queue, create });
    // A quorum queue notices a little late that it is full.
    await until("a full queue", async () => {
      const [result] = await publisher.publish([message()], inMs(300));
      return result?.stored === false && result.error.code === "unavailable";
    });
    const waiting = message();
    const waited = publisher.publish([waiting], inMs(10_000));
    const store = collector();
    await using _ = await rabbitSubscriber({ url, queue, create }).subscribe(store);
    expect((await waited).map(outcome)).toEqual(["stored"]);
    await until("it", () => store.ids().has(waiting.id));
  });

  test("that was deleted is no success, and is declared again", async () => {
    const queue = newQueue();
    const lines: string[] = [];
    const log = createLog({}, (line) => lines.push(line));
    await using publisher = rabbitPublisher({ url, queue, log, limits: { retryMs: 1 } });
    await publishAll(publisher, [message()]);
    const channel = await model.createChannel();
    await channel.deleteQueue(queue);
    await channel.close();
    const sent = messagesOf(20);
    expect((await publisher.publish(sent, inMs(10_000))).map(outcome)).toEqual(
      sent.map(() => "stored"),
    );
    expect(lines.join()).toContain("it does not exist");
    const store = collector();
    await using _ = await rabbitSubscriber({ url, queue }).subscribe(store);
    await until("all of them", () => sent.every(({ id }) => store.ids().has(id)));
  });

  test("gives its consumers back when it was deleted under them", async () => {
    const queue = newQueue();
    const store = collector();
    await using subscription = await rabbitSubscriber({ url, queue }).subscribe(store);
    await until("readiness", () => subscription.ready());
    const channel = await model.createChannel();
    await channel.deleteQueue(queue);
    await channel.close();
    await using publisher = rabbitPublisher({ url, queue });
    const sent = message();
    await publishAll(publisher, [sent]);
    await until("it", () => store.ids().has(sent.id));
  });

  test("sends a message that is rejected too often, and only that, to the dead letters", async () => {
    const queue = newQueue();
    const create = { deliveryLimit: 6 };
    const [poison, ...good] = messagesOf(40);
    if (!poison) throw new Error("Cannot test without a message");
    await using publisher = rabbitPublisher({ url, queue, create });
    await publishAll(publisher, [...good.slice(0, 20), poison, ...good.slice(20)]);
    const store = collector(({ messages }) => {
      if (messages.some(({ id }) => id === poison.id)) throw new Error("poison");
    });
    const options = { url, queue, create, holdMs: 0, pauseMs: 1 };
    await using _ = await rabbitSubscriber(options).subscribe(store);
    await using letters = letterBox(rabbitLetterLog({ url, queue }));
    const [dead] = await readOnce(1, letters);
    await until("the others", () => store.ids().size === good.length);
    expect(store.ids()).toEqual(new Set(good.map(({ id }) => id)));
    expect(dead?.id).toBe(poison.id);
    expect(Buffer.from(dead?.message.body ?? [])).toEqual(Buffer.from(poison.body));
  });

  test("is used as it is where it was declared otherwise", async () => {
    const queue = newQueue();
    const channel = await model.createChannel();
    await channel.assertQueue(queue, { durable: true });
    await channel.close();
    const lines: string[] = [];
    const log = createLog({}, (line) => lines.push(line));
    await using publisher = rabbitPublisher({ url, queue, log });
    await publishAll(publisher, messagesOf(3));
    expect(lines.join()).toContain("other arguments");
    await until("its depth", async () => (await rabbitDepth(model, queue)) === 3);
  });

  test("delivers foreign messages, with or without our properties", async () => {
    const queue = newQueue();
    const store = collector();
    await using subscription = await rabbitSubscriber({ url, queue }).subscribe(store);
    await until("readiness", () => subscription.ready());
    const channel = await model.createConfirmChannel();
    channel.sendToQueue(queue, Buffer.from("bare"));
    const headers = { text: "yes", number: 7, nested: { a: 1 } };
    channel.sendToQueue(queue, Buffer.from("odd"), { messageId: "not a UUID", headers });
    await channel.waitForConfirms();
    await channel.close();
    await until("both", () => store.messages.length === 2);
    expect(store.messages.map(({ id }) => id)).toEqual([undefined, undefined]);
    expect(store.messages.map(({ body }) => Buffer.from(body).toString())).toEqual(["bare", "odd"]);
    expect(store.messages[1]?.headers).toEqual({ text: "yes" });
    expect(store.messages[0]?.timestampMs).toBeUndefined();
  });

  test("has no depth where it does not exist", async () => {
    expect(await rabbitDepth(model, newQueue())).toBeUndefined();
  });
});
