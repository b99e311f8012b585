import { expect, test } from "bun:test";
import { memoryPublisher } from "../testing/memory-publisher.ts";
import { provenReady } from "./proven-ready.ts";

const soon = () => ({ deadlineAtMs: Date.now() + 1_000 });

/** A publisher whose probe says no. */
function unready() {
  let nowMs = 0;
  const inner = memoryPublisher<string>();
  inner.behaviour.ready = false;
  return {
    inner,
    publisher: provenReady(inner, { provenMs: 100, clock: () => nowMs }),
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

test("an event that was stored is ready for a while, whatever a probe says", async () => {
  const { publisher, wait } = unready();
  expect(await publisher.ready()).toBe(false);
  await publisher.publish(["a"], soon());
  wait(99);
  expect(await publisher.ready()).toBe(true);
  wait(1);
  expect(await publisher.ready()).toBe(false);
});

test("one that was not stored says nothing: the probe is asked", async () => {
  const { inner, publisher } = unready();
  inner.behaviour.fail = "unavailable";
  await publisher.publish(["a"], soon());
  expect(await publisher.ready()).toBe(false);
  inner.behaviour.ready = true;
  expect(await publisher.ready()).toBe(true);
});
