import { describe } from "bun:test";
import { parts } from "../../../tools/parts/testing.ts";
import { brokerSuite } from "../broker.suite.ts";
import { rabbitPublisher } from "./rabbit-publisher.ts";
import { rabbitSubscriber } from "./rabbit-subscriber.ts";

describe.skipIf(!parts)("with a real broker", () => {
  brokerSuite({
    name: "RabbitMQ",
    offsets: false,
    keyOrder: false,
    async open() {
      const url = parts?.rabbit ?? "";
      const queue = `suite-${crypto.randomUUID()}`;
      return {
        publisher: (limits) => rabbitPublisher({ url, queue, limits }),
        subscriber: (options) => rabbitSubscriber({ url, queue, ...options }),
        async [Symbol.asyncDispose]() {},
      };
    },
  });
});
