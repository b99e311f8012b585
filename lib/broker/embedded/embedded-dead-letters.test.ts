import { deadLetterSuite } from "../dead-letter.suite.ts";
import { embeddedBroker } from "./embedded-broker.ts";

deadLetterSuite("embedded broker", async () => {
  const broker = embeddedBroker({ file: ":memory:" });
  return {
    publisher: () => broker.publisher("kafka.dlq"),
    subscriber: () => broker.subscriber("kafka.dlq"),
    reader: () => broker.deadLetters("kafka.dlq"),
    [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
  };
});
