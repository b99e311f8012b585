import { describe, expect, test } from "bun:test";
import { Kafka, logLevel } from "kafkajs";
import { parts } from "../../../tools/parts/testing.ts";
import { until } from "../../testing/until.ts";
import { collector } from "../testing/collector.ts";
import { missing, startLoad } from "../testing/load.ts";
import { kafkaPublisher } from "./kafka-publisher.ts";
import { kafkaSubscriber } from "./kafka-subscriber.ts";

/** The node id of the leader of the topic's first partition, once all of its replicas are in sync. */
async function settledLeader(brokers: string[], topic: string): Promise<number> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await until(
      "all replicas in sync",
      async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        const partitions = topics[0]?.partitions ?? [];
        const settled = partitions.length > 0 && partitions.every(({ isr }) => isr.length === 3);
        return settled ? partitions[0]?.leader : undefined;
      },
      { timeoutMs: 30_000, everyMs: 100 },
    );
  } finally {
    await admin.disconnect();
  }
}

describe.skipIf(!parts)("Kafka with three brokers", () => {
  test("loses nothing acknowledged when a leader is killed under load", async () => {
    await using kafka = await parts?.startKafka({ nodes: 3 });
    if (!kafka) throw new Error("Cannot test leaders: Kafka did not start");
    const brokers = [...kafka.brokers];
    const topic = "leaders";
    await using publisher = kafkaPublisher({ brokers, topic });
    const store = collector();
    await using _ = await kafkaSubscriber({ brokers, topic, group: topic }).subscribe(store);
    const load = startLoad(publisher, { loops: 16, batch: 5, deadlineMs: 5_000, pauseMs: 10 });
    const leader = await settledLeader(brokers, topic);
    await until("traffic", () => load.acked() > 500, { timeoutMs: 30_000 });
    await kafka.nodes[leader - 1]?.kill();
    const killed = load.acked();
    await until("traffic on what is left", () => load.acked() > killed + 2_000, {
      timeoutMs: 30_000,
    });
    await kafka.nodes[leader - 1]?.start();
    const back = load.acked();
    await until("traffic again", () => load.acked() > back + 1_000, { timeoutMs: 30_000 });
    const result = await load.stop();
    const arrived = () => missing(result, store.ids()).length === 0;
    await until("all of them", arrived, { timeoutMs: 30_000 }).catch(() => {});
    expect(missing(result, store.ids())).toEqual([]);
  }, 180_000);
});
