import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brokerSuite } from "../broker.suite.ts";
import { embeddedBroker } from "./embedded-broker.ts";

brokerSuite({
  name: "embedded broker in a file",
  offsets: true,
  keyOrder: true,
  async open() {
    const dir = mkdtempSync(join(tmpdir(), "embedded-broker-"));
    const broker = embeddedBroker({ file: join(dir, "broker.db") });
    return {
      publisher: (limits) => broker.publisher("kafka", limits),
      subscriber: (options) => broker.subscriber("kafka", options),
      async [Symbol.asyncDispose]() {
        await broker[Symbol.asyncDispose]();
        rmSync(dir, { recursive: true });
      },
    };
  },
});
