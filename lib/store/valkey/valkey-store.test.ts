import { describe } from "bun:test";
import { parts } from "../../../tools/parts/testing.ts";
import { storeSuite } from "../store.suite.ts";
import { valkeyUnderTest } from "../testing/valkey-under-test.ts";

describe.skipIf(!parts)("a real Valkey", () => {
  storeSuite(valkeyUnderTest(parts?.valkey ?? ""));
});
