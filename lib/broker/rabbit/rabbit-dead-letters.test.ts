import { describe, expect, test } from "bun:test";
import { connect } from "amqplib";
import { parts } from "../../../tools/parts/testing.ts";
import { until } from "../../testing/until.ts";
import { deadLetterBounds, deadLettersOf } from "../dead-letter-lane.ts";
import { deadLettersSuite, readAll, readOnce } from "../dead-letters.suite.ts";
import { letterBox } from "../letter-box.ts";
import { collector } from "../testing/collector.ts";
import { message, messagesOf, publishAll } from "../testing/messages.ts";
import { rabbitLetterLog } from "./rabbit-letter-log.ts";
import { rabbitPublisher } from "./rabbit-publisher.ts";
import { rabbitSubscriber } from "./rabbit-subscriber.ts";

const url = parts?.rabbit ?? "";
const newQueue = () => `letters-${crypto.randomUUID()}`;
const publisherOf = (queue: string, at = url) =>
  rabbitPublisher({ url: at, queue: deadLettersOf(queue) });
const lettersOf = (queue: string, at = url) => letterBox(rabbitLetterLog({ url: at, queue }));

describe.skipIf(!parts)("with a real broker", () => {
  deadLettersSuite("RabbitMQ", async () => {
    const queue = newQueue();
    return {
      publisher: () => publisherOf(queue),
      letters: () => lettersOf(queue),
      async [Symbol.asyncDispose]() {},
    };
  });

  test("what RabbitMQ itself sets aside is a letter like others", async () => {
    const queue = newQueue();
    const create = { deliveryLimit: 2 };
    await using publisher = rabbitPublisher({ url, queue, create });
    const sent = message({ body: Buffer.from([0, 255, 10]), headers: { from: "a friend" } });
    await publishAll(publisher, [sent]);
    const refusing = collector(() => Promise.reject(new Error("poison")));
    const options = { url, queue, create, holdMs: 0, pauseMs: 1 };
    await using _ = await rabbitSubscriber(options).subscribe(refusing);
    await using letters = lettersOf(queue);
    const [letter] = await readOnce(1, letters);
    if (letter === undefined) throw new Error("Cannot test without it");
    expect(letter.id).toBe(sent.id);
    expect(letter.message.headers).toEqual(sent.headers);
    expect(Buffer.from(letter.message.body)).toEqual(Buffer.from(sent.body));
    expect(letter.message.moved?.why).toBe("delivery_limit");
    expect(Math.abs((letter.message.moved?.atMs ?? 0) - Date.now())).toBeLessThan(60_000);
    expect((await letters.tally()).moved).toBe(1);
    await letters.settle([{ letter, as: "dropped" }]);
    await using later = lettersOf(queue);
    expect(await readOnce(0, later)).toEqual([]);
    expect(await later.tally()).toEqual({ waiting: 0, moved: 1, redriven: 0 });
  }, 30_000);

  test("a foreign message that RabbitMQ sets aside is named by its position", async () => {
    const queue = newQueue();
    const create = { deliveryLimit: 1 };
    await using publisher = rabbitPublisher({ url, queue, create });
    await until("its queue", () => publisher.ready());
    const model = await connect(url);
    const channel = await model.createConfirmChannel();
    channel.sendToQueue(queue, Buffer.from("bare"));
    await channel.waitForConfirms();
    await model.close();
    const refusing = collector(() => Promise.reject(new Error("poison")));
    const options = { url, queue, create, holdMs: 0, pauseMs: 1 };
    await using _ = await rabbitSubscriber(options).subscribe(refusing);
    await using letters = lettersOf(queue);
    const [letter] = await readOnce(1, letters);
    if (letter === undefined) throw new Error("Cannot test without it");
    expect(letter.message.id).toBeUndefined();
    await letters.settle([{ letter, as: "dropped" }]);
    await using later = lettersOf(queue);
    await readOnce(0, later);
  }, 30_000);

  test("RabbitMQ's dead letters are bounded by bytes and age", async () => {
    const queue = newQueue();
    await using publisher = publisherOf(queue);
    await publishAll(publisher, messagesOf(1));
    const model = await connect(url);
    const channel = await model.createChannel();
    const { bytesMax, ageMaxMs } = deadLetterBounds;
    // Declared with other arguments it would be refused.
    await channel.assertQueue(deadLettersOf(queue), {
      arguments: {
        "x-queue-type": "stream",
        "x-max-length-bytes": bytesMax,
        "x-max-age": `${ageMaxMs / 1_000}s`,
        "x-stream-max-segment-size-bytes": bytesMax / 8,
      },
    });
    await model.close();
  });

  test("a stream of dead letters that is made anew has none of the old ones", async () => {
    const queue = newQueue();
    await using letters = lettersOf(queue);
    {
      await using publisher = publisherOf(queue);
      await publishAll(publisher, messagesOf(5));
    }
    await readOnce(5, letters);
    const model = await connect(url);
    const channel = await model.createChannel();
    await channel.deleteQueue(deadLettersOf(queue));
    await model.close();
    await until("no letters", async () => (await letters.tally()).waiting === 0);
    await using publisher = publisherOf(queue);
    await publishAll(publisher, messagesOf(3));
    await readOnce(3, letters);
  }, 30_000);

  test("no queue is read in place of a log", async () => {
    const queue = newQueue();
    const model = await connect(url);
    const channel = await model.createConfirmChannel();
    await channel.assertQueue(deadLettersOf(queue), { durable: true });
    await using letters = lettersOf(queue);
    await expect(letters.tally()).rejects.toThrow("x-stream-offset");
    await model.close();
  });

  test("letters outlive the broker's death, and whoever looks finds it again", async () => {
    await using rabbit = await parts?.startRabbitMq();
    const at = rabbit?.url ?? "";
    const queue = newQueue();
    await using publisher = publisherOf(queue, at);
    await using letters = lettersOf(queue, at);
    await publishAll(publisher, messagesOf(5));
    const [first] = await readOnce(5, letters);
    if (first !== undefined) await letters.settle([{ letter: first, as: "dropped" }]);
    // RabbitMQ 4.0 forgets a queue when it is killed within a second of its declaration.
    const declaredMs = performance.now();
    await until("an old queue", () => performance.now() - declaredMs > 3_000);
    await rabbit?.broker.kill();
    await expect(letters.tally()).rejects.toThrow();
    await rabbit?.broker.start();
    await until("them again", async () => (await letters.tally()).waiting === 4, {
      timeoutMs: 30_000,
    });
    await readOnce(4, letters);
  }, 120_000);
});

test("rabbitLetterLog() rejects where no broker answers", async () => {
  await using letters = letterBox(rabbitLetterLog({ url: "amqp://127.0.0.1:1", queue: "any" }));
  await expect(letters.tally()).rejects.toThrow("ECONNREFUSED");
  await expect(readAll(letters)).rejects.toThrow("ECONNREFUSED");
});
