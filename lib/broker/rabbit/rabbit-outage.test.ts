import { describe } from "bun:test";
import { parts } from "../../../tools/parts/testing.ts";
import { brokerOutageSuite } from "../broker-outage.suite.ts";
import { rabbitPublisher } from "./rabbit-publisher.ts";
import { rabbitSubscriber } from "./rabbit-subscriber.ts";

describe.skipIf(!parts)("with a real broker", () => {
  brokerOutageSuite("RabbitMQ", async () => {
    const rabbit = await parts?.startRabbitMq();
    if (!rabbit) throw new Error("Cannot test outages: RabbitMQ did not start");
    return {
      child: rabbit.broker,
      async open() {
        const queue = `outage-${crypto.randomUUID()}`;
        const { url } = rabbit;
        return {
          publisher: (limits) => rabbitPublisher({ url, queue, limits }),
          subscriber: (options) => rabbitSubscriber({ url, queue, ...options }),
          async [Symbol.asyncDispose]() {},
        };
      },
      [Symbol.asyncDispose]: () => rabbit[Symbol.asyncDispose](),
    };
  });
});
