import { describe, expect, test } from "bun:test";
import { connect } from "amqplib";
import { parts } from "../../../tools/parts/testing.ts";
import { until } from "../../testing/until.ts";
import { deadLetterSuite } from "../dead-letter.suite.ts";
import { collector } from "../testing/collector.ts";
import { message, messagesOf, publishAll } from "../testing/messages.ts";
import { deadLetterLogOf, deadLetterQueueOf } from "./queue.ts";
import { rabbitDeadLetterPublisher } from "./rabbit-dead-letter-publisher.ts";
import { rabbitDeadLetters } from "./rabbit-dead-letters.ts";
import { rabbitPublisher } from "./rabbit-publisher.ts";
import { rabbitSubscriber } from "./rabbit-subscriber.ts";

const url = parts?.rabbit ?? "";
const newQueue = () => `letters-${crypto.randomUUID()}`;
const patiently = { timeoutMs: 30_000 };

describe.skipIf(!parts)("with a real broker", () => {
  deadLetterSuite("RabbitMQ", async () => {
    const queue = newQueue();
    return {
      publisher: () => rabbitDeadLetterPublisher({ url, queue }),
      subscriber: () => rabbitSubscriber({ url, queue: deadLetterQueueOf(queue) }),
      reader: () => rabbitDeadLetters({ url, queue }),
      async [Symbol.asyncDispose]() {},
    };
  });

  test("RabbitMQ's dead letters are still shown after they were taken from their queue", async () => {
    const queue = newQueue();
    await using publisher = rabbitDeadLetterPublisher({ url, queue });
    await using reader = rabbitDeadLetters({ url, queue });
    await publishAll(publisher, messagesOf(3));
    await until("all of them", async () => (await reader.newest(20)).length === 3);
    const taken = collector();
    await using _ = await rabbitSubscriber({ url, queue: deadLetterQueueOf(queue) }).subscribe(
      taken,
    );
    await until("an empty queue", async () => (await reader.waiting()) === 0);
    expect((await reader.newest(20)).length).toBe(3);
  });

  test("what RabbitMQ itself sets aside is counted, not shown", async () => {
    const queue = newQueue();
    const create = { deliveryLimit: 2 };
    await using publisher = rabbitPublisher({ url, queue, create });
    await publishAll(publisher, [message()]);
    const refusing = collector(() => Promise.reject(new Error("poison")));
    const options = { url, queue, create, holdMs: 0, pauseMs: 1 };
    await using _ = await rabbitSubscriber(options).subscribe(refusing);
    await using reader = rabbitDeadLetters({ url, queue });
    await until("the letter", async () => (await reader.waiting()) === 1);
    expect(await reader.newest(20)).toEqual([]);
  });

  test("a letter is stored where its copy cannot be, and no queue is read in place of the log", async () => {
    const queue = newQueue();
    const model = await connect(url);
    const channel = await model.createConfirmChannel();
    await channel.assertQueue(deadLetterLogOf(queue), { arguments: { "x-max-length": 0 } });
    await using publisher = rabbitDeadLetterPublisher({ url, queue });
    await using reader = rabbitDeadLetters({ url, queue });
    await publishAll(publisher, messagesOf(2));
    await expect(reader.newest(20)).rejects.toThrow("x-stream-offset");
    await until("their number", async () => (await reader.waiting()) === 2);
    await model.close();
  });

  test("letters and copies outlive the broker's death, and the reader finds it again", async () => {
    await using rabbit = await parts?.startRabbitMq();
    const own = { url: rabbit?.url ?? "", queue: newQueue() };
    await using publisher = rabbitDeadLetterPublisher(own);
    await using reader = rabbitDeadLetters(own);
    await publishAll(publisher, messagesOf(5));
    await until("all of them", async () => (await reader.newest(20)).length === 5);
    // RabbitMQ 4.0 forgets a queue when it is killed within a second of its declaration.
    const declaredMs = performance.now();
    await until("an old queue", () => performance.now() - declaredMs > 3_000);
    await rabbit?.broker.kill();
    await expect(reader.newest(20)).rejects.toThrow();
    await rabbit?.broker.start();
    const back = async () => (await reader.newest(20)).length === 5;
    await until("all of them again", back, patiently);
    await until("their number", async () => (await reader.waiting()) === 5, patiently);
  }, 120_000);
});

test("rabbitDeadLetters() rejects where no broker answers", async () => {
  await using reader = rabbitDeadLetters({ url: "amqp://127.0.0.1:1", queue: "any" });
  await expect(reader.newest(20)).rejects.toThrow("ECONNREFUSED");
  await expect(reader.waiting()).rejects.toThrow("ECONNREFUSED");
});
