import { describe } from "bun:test";
import { parts } from "../../../tools/parts/testing.ts";
import { brokerOutageSuite } from "../broker-outage.suite.ts";
import { kafkaPublisher } from "./kafka-publisher.ts";
import { kafkaSubscriber } from "./kafka-subscriber.ts";

describe.skipIf(!parts)("with a real broker", () => {
  brokerOutageSuite("Kafka", async () => {
    // After its death the broker waits for the members of before, by default six seconds.
    const sessionTimeoutMs = 2_000;
    const settings = { "group.min.session.timeout.ms": sessionTimeoutMs };
    const kafka = await parts?.startKafka({ settings });
    const child = kafka?.nodes[0];
    if (!kafka || !child) throw new Error("Cannot test outages: Kafka did not start");
    return {
      child,
      async open() {
        const topic = `outage-${crypto.randomUUID()}`;
        const { brokers } = kafka;
        return {
          publisher: (limits) => kafkaPublisher({ brokers, topic, limits }),
          subscriber: (options) =>
            kafkaSubscriber({ brokers, ...options, topic, group: topic, sessionTimeoutMs }),
          async [Symbol.asyncDispose]() {},
        };
      },
      [Symbol.asyncDispose]: () => kafka[Symbol.asyncDispose](),
    };
  });
});
