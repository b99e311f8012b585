import { describe } from "bun:test";
import { logCursorSuite } from "./suites/log-cursor.suite.ts";
import { logEntrySuite } from "./suites/log-entry.suite.ts";
import { logNewestSuite } from "./suites/log-newest.suite.ts";
import type { LogDriverUnderTest } from "./testing/log-under-test.ts";

/** What every log driver keeps of the promise of `EventLog`. */
export function eventLogSuite(driver: LogDriverUnderTest): void {
  describe(driver.name, () => {
    describe("the cursor", () => logCursorSuite(driver));
    describe("entries", () => logEntrySuite(driver));
    describe("newest()", () => logNewestSuite(driver));
  });
}
