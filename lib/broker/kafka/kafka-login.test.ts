import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Kafka } from "../../../tools/parts/kafka.ts";
import { parts } from "../../../tools/parts/testing.ts";
import { canCertify, testCertificate } from "../../testing/test-certificate.ts";
import { until } from "../../testing/until.ts";
import { readOnce } from "../dead-letters.suite.ts";
import { letterBox } from "../letter-box.ts";
import { collector } from "../testing/collector.ts";
import { messagesOf, publishAll } from "../testing/messages.ts";
import { describeTopic } from "./describe-topic.ts";
import type { KafkaConnection, KafkaLogin } from "./kafka-connection.ts";
import { kafkaEnds } from "./kafka-ends.ts";
import { kafkaLetterLog } from "./kafka-letter-log.ts";
import { kafkaPublisher } from "./kafka-publisher.ts";
import { kafkaSubscriber } from "./kafka-subscriber.ts";
import { saslMechanisms } from "./sasl-mechanism.ts";

const users = { relay: "s3cret-relay_1", consumer: "s3cret=consumer" };
const login = (change: Partial<KafkaLogin> = {}): KafkaLogin => ({
  ...{ mechanism: "plain", username: "relay", password: users.relay },
  ...change,
});

/** A topic is made, described, written, read and measured, on as many connections. */
async function expectToWork(connection: KafkaConnection): Promise<void> {
  const topic = `login-${crypto.randomUUID()}`;
  const messages = messagesOf(20);
  await using publisher = kafkaPublisher({ ...connection, topic, create: { partitions: 2 } });
  await publishAll(publisher, messages);
  const store = collector();
  const subscriber = kafkaSubscriber({ ...connection, topic, group: topic });
  await using _ = await subscriber.subscribe(store);
  await until("all messages", () => store.ids().size === 20, { timeoutMs: 20_000 });
  await using ends = kafkaEnds({ ...connection, topic });
  expect([...(await ends.read()).values()].reduce((sum, end) => sum + end, 0)).toBe(20);
  await using letters = letterBox(kafkaLetterLog({ ...connection, topic }));
  const [letter] = await readOnce(20, letters);
  if (letter !== undefined) await letters.settle([{ letter, as: "dropped" }]);
  await readOnce(19, letters);
}

describe.skipIf(!parts)("a listener on which clients sign in", () => {
  let kafka: Kafka & AsyncDisposable;
  beforeAll(async () => {
    if (!parts) throw new Error("Cannot start Kafka: no programs are installed");
    kafka = await parts.startKafka({ signIn: { users } });
  });
  afterAll(() => kafka[Symbol.asyncDispose]());

  for (const mechanism of saslMechanisms) {
    test(`takes our drivers by ${mechanism}`, async () => {
      await expectToWork({ brokers: kafka.signInBrokers, sasl: login({ mechanism }) });
    });

    test(`refuses another user's password by ${mechanism}`, async () => {
      const connection = {
        brokers: kafka.signInBrokers,
        sasl: login({ mechanism, password: users.consumer }),
      };
      await expect(describeTopic(connection, "any")).rejects.toThrow(
        /^Cannot describe topic any: no broker answers: .*: it refuses the login: Authentication failed/,
      );
      await using publisher = kafkaPublisher({ ...connection, topic: "any" });
      const [result] = await publisher.publish(messagesOf(1), { deadlineAtMs: Date.now() + 500 });
      expect(result?.stored).toBe(false);
    });
  }

  test("refuses a client that does not say who it is", async () => {
    await expect(describeTopic({ brokers: kafka.signInBrokers }, "any")).rejects.toThrow(
      "it closed the connection",
    );
  });
});

describe.skipIf(!parts || !canCertify)("a listener over TLS", () => {
  test("takes our drivers that know its authority, and no others", async () => {
    using certificate = testCertificate();
    if (!parts) throw new Error("Cannot start Kafka: no programs are installed");
    await using kafka = await parts.startKafka({ signIn: { users, keyFile: certificate.file } });
    const connection = { brokers: kafka.signInBrokers, sasl: login() };
    await expectToWork({ ...connection, tls: { ca: certificate.cert } });
    await expect(describeTopic({ ...connection, tls: {} }, "any")).rejects.toThrow(
      /self.signed certificate/i,
    );
  });
});
