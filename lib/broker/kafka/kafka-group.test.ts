import { describe, expect, test } from "bun:test";
import { parts } from "../../../tools/parts/testing.ts";
import { until } from "../../testing/until.ts";
import type { Delivery } from "../subscriber.ts";
import { collector } from "../testing/collector.ts";
import { missing, startLoad } from "../testing/load.ts";
import { messagesOf, publishAll } from "../testing/messages.ts";
import { kafkaEnds } from "./kafka-ends.ts";
import { kafkaPublisher } from "./kafka-publisher.ts";
import { kafkaSubscriber } from "./kafka-subscriber.ts";

const brokers = parts?.kafka ?? [];
const patiently = { timeoutMs: 20_000 };

const subscriber = (topic: string) =>
  kafkaSubscriber({ brokers, topic, group: topic, resyncMs: 200, pauseMs: 20 });

describe.skipIf(!parts)("Kafka's group", () => {
  test("aborts deliveries when another consumer comes, who gets his share of them", async () => {
    const topic = `group-${crypto.randomUUID()}`;
    await using publisher = kafkaPublisher({ brokers, topic });
    const sent = messagesOf(60);
    await publishAll(publisher, sent);
    const hung: Delivery[] = [];
    await using _first = await subscriber(topic).subscribe({
      resumeFrom: async () => new Map(),
      handle(delivery) {
        hung.push(delivery);
        return new Promise((_, reject) => {
          delivery.signal.addEventListener("abort", () => reject(delivery.signal.reason));
        });
      },
    });
    await until("a delivery of each partition", () => hung.length === 3, patiently);
    const store = collector();
    await using _second = await subscriber(topic).subscribe(store);
    await until("the second one's share", () => store.messages.length > 0, patiently);
    expect(hung.slice(0, 3).every(({ signal }) => signal.aborted)).toBe(true);
    // What the first one still holds are the other partitions.
    await until("the rest again", () => hung.length > 3, patiently);
    const kept = new Set(hung.slice(3).map(({ range }) => range?.partition));
    expect([...store.cursors.keys()].filter((partition) => kept.has(partition))).toEqual([]);
  }, 60_000);

  test("shares a topic out to consumers that come and go, without a loss or a double", async () => {
    const topic = `group-${crypto.randomUUID()}`;
    await using publisher = kafkaPublisher({ brokers, topic });
    // One store for both: what it has passed already it does not take again.
    const store = collector();
    const seen = [new Set<string>(), new Set<string>()];
    const handler = (who: number) => ({
      resumeFrom: store.resumeFrom,
      handle(delivery: Parameters<typeof store.handle>[0]) {
        seen[who]?.add(delivery.range?.partition ?? "");
        return store.handle(delivery);
      },
    });
    await using _stays = await subscriber(topic).subscribe(handler(0));
    const load = startLoad(publisher, { loops: 4 });
    await until("traffic", () => store.messages.length > 100, patiently);
    const comes = await subscriber(topic).subscribe(handler(1));
    await until("its share", () => (seen[1]?.size ?? 0) > 0, patiently);
    await comes[Symbol.asyncDispose]();
    const before = store.messages.length;
    await until("traffic again", () => store.messages.length > before + 300, patiently);
    const result = await load.stop();
    await until("all of them", () => missing(result, store.ids()).length === 0, patiently);
    expect(store.messages.length).toBe(result.acked.size);
    expect(store.gaps).toEqual({ hole: 0, lost: 0 });
    await using ends = kafkaEnds({ brokers, topic });
    expect(await ends.read()).toEqual(new Map([...store.cursors].sort()));
  }, 90_000);
});
