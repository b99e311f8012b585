import { expect, test } from "bun:test";
import RequestQueue from "kafkajs/src/network/requestQueue/index.js";
import { calmIdleConnections } from "./idle-connections.ts";

/** Whether a timer for another look is set after one. */
function looksAgain(waiting: readonly object[]): boolean {
  const queue = Object.assign(new RequestQueue({ maxInFlightRequests: 1 }), {
    pending: [...waiting],
    throttledUntil: Date.now() + 60_000,
  });
  queue.checkPendingRequests();
  const set = queue.throttleCheckTimeoutId != null;
  queue.destroy();
  return set;
}

test("a connection looks again for requests to send only while one waits", () => {
  calmIdleConnections();
  calmIdleConnections();
  expect(looksAgain([])).toBe(false);
  expect(looksAgain([{}])).toBe(true);
});
