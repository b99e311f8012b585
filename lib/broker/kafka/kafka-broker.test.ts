import { describe } from "bun:test";
import { parts } from "../../../tools/parts/testing.ts";
import { brokerSuite } from "../broker.suite.ts";
import { kafkaPublisher } from "./kafka-publisher.ts";
import { kafkaSubscriber } from "./kafka-subscriber.ts";

describe.skipIf(!parts)("with a real broker", () => {
  brokerSuite({
    name: "Kafka",
    offsets: true,
    keyOrder: true,
    async open() {
      const connection = { brokers: parts?.kafka ?? [] };
      const topic = `suite-${crypto.randomUUID()}`;
      return {
        publisher: (limits) => kafkaPublisher({ ...connection, topic, limits }),
        subscriber: (options) =>
          kafkaSubscriber({ ...connection, ...options, topic, group: topic }),
        async [Symbol.asyncDispose]() {},
      };
    },
  });
});
