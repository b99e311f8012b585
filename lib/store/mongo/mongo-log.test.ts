import { describe } from "bun:test";
import { parts } from "../../../tools/parts/testing.ts";
import { eventLogSuite } from "../event-log.suite.ts";
import { mongoUnderTest } from "../testing/mongo-under-test.ts";

describe.skipIf(!parts)("on a server", () => {
  eventLogSuite(mongoUnderTest(parts?.mongo ?? ""));
});
