import { expect, test } from "bun:test";
import { openHttpDoor, tweet } from "./testing/clima-door.ts";

test("a client's own time (connect-timeout-ms) shortens it; one that is longer, or none, does not", async () => {
  await using door = openHttpDoor("api", { deadlineMs: 1_000 });
  door.publisher.behaviour.hold = new Promise(() => {});
  const replies = await Promise.all(
    ["100", "60000", "soon", "-1"].map(async (time) => {
      const began = performance.now();
      const { status } = await door.post("/clima", tweet, { "connect-timeout-ms": time });
      return { status, early: performance.now() - began < 900 };
    }),
  );
  expect(replies).toEqual([true, false, false, false].map((early) => ({ status: 503, early })));
});
