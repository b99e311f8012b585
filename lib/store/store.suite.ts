import { describe } from "bun:test";
import { claimSuite } from "./suites/claim.suite.ts";
import { climaSuite } from "./suites/clima.suite.ts";
import { cursorSuite } from "./suites/cursor.suite.ts";
import { expirySuite } from "./suites/expiry.suite.ts";
import { operationSuite } from "./suites/operation.suite.ts";
import { refusalSuite } from "./suites/refusal.suite.ts";
import type { DriverUnderTest } from "./testing/under-test.ts";

/** What every store driver keeps of the promise of `Store`. */
export function storeSuite(driver: DriverUnderTest): void {
  describe(driver.name, () => {
    describe("the cursor", () => cursorSuite(driver));
    describe("claims", () => claimSuite(driver));
    describe("refusals", () => refusalSuite(driver));
    describe("operations", () => operationSuite(driver));
    // They wait for keys to go: together, not one after the other.
    describe.concurrent("times to live", () => expirySuite(driver));
    describe("clima-app", () => climaSuite(driver));
  });
}
