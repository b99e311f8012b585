import { expect, test } from "bun:test";
import { relayMetrics } from "../metrics.ts";
import { memoryPublisher } from "../testing/memory-publisher.ts";
import { metered } from "./metered.ts";

const soon = () => ({ deadlineAtMs: Date.now() + 1_000 });

/** The lines of a scrape that carry numbers. */
async function counts(metrics: ReturnType<typeof relayMetrics>): Promise<readonly string[]> {
  const text = await metrics.registry.metrics();
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("what is stored counts as published, what may be stored as unconfirmed, what is refused as neither", async () => {
  const metrics = relayMetrics("clima-app");
  const inner = memoryPublisher<string>();
  const publisher = metered("kafka", metrics, inner);
  await publisher.publish(["a", "b"], soon());
  for (const fail of ["unavailable", "deadline", "overloaded", "invalid", "conflict"] as const) {
    inner.behaviour.fail = fail;
    await publisher.publish(["c"], soon());
  }
  expect(await counts(metrics)).toEqual([
    'tweet_pipeline_published_total{pipeline="clima-app",lane="kafka"} 2',
    'tweet_pipeline_unconfirmed_total{pipeline="clima-app",lane="kafka"} 2',
  ]);
});

test("readiness and disposal are the inner publisher's", async () => {
  const inner = memoryPublisher<string>();
  inner.behaviour.ready = false;
  const publisher = metered("kafka", relayMetrics("clima-app"), inner);
  expect(await publisher.ready()).toBe(false);
  await publisher[Symbol.asyncDispose]();
  expect(inner.disposed).toBe(true);
});
