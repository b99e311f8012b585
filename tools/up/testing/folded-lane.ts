import { startCommand } from "../../../cli/testing/run.ts";
import { deadLettersOf } from "../../../lib/broker/dead-letter-lane.ts";
import { kafkaEnds } from "../../../lib/broker/kafka/kafka-ends.ts";
import { kafkaPublisher } from "../../../lib/broker/kafka/kafka-publisher.ts";
import { kafkaSubscriber } from "../../../lib/broker/kafka/kafka-subscriber.ts";
import type { BrokerMessage } from "../../../lib/broker/message.ts";
import { publishAll } from "../../../lib/broker/testing/messages.ts";
import { foldHandler } from "../../../lib/delivery/fold-handler.ts";
import { silentLog } from "../../../lib/log.ts";
import type { AnyPipeline } from "../../../lib/pipeline/pipeline.ts";
import type { Sink } from "../../../lib/store/event-log.ts";
import { valkeyStore } from "../../../lib/store/valkey/valkey-store.ts";
import { until } from "../../../lib/testing/until.ts";
import { parts } from "../../parts/testing.ts";

/** The live store's logical database: another one than the default, which is somebody else's. */
export const liveDatabase = 3;

const sendMax = 500;

/** A pipeline's Kafka lane with a topic of one test alone, folded into a Valkey that the test brings. */
export async function foldedLane(pipeline: AnyPipeline, valkeyUrl: string) {
  if (parts === undefined) throw new Error("Cannot fold a lane: no programs are installed");
  const resources = new AsyncDisposableStack();
  const brokers = parts.kafka;
  const topic = `rebuild-${crypto.randomUUID()}`;
  const url = `${valkeyUrl}/${liveDatabase}`;
  const publisher = resources.use(kafkaPublisher({ brokers, topic, create: { partitions: 3 } }));
  const deadLetters = resources.use(
    kafkaPublisher({ brokers, topic: deadLettersOf(topic), create: { partitions: 1 } }),
  );
  const store = resources.use(valkeyStore({ url }));
  const ends = resources.use(kafkaEnds({ brokers, topic }));
  const env = {
    KAFKA_BROKERS: brokers.join(","),
    KAFKA_TOPIC: topic,
    VALKEY_SERVICE_URL: url,
    MONGO_URL: `${parts.mongo}/unused`,
  };
  const options = { pipeline, deadLetters, log: silentLog };
  return {
    ...{ brokers, topic, url, store, env },
    /** The lane's consumer, into the store and what else is given. */
    consume(...others: readonly Sink[]) {
      const handler = foldHandler([store, ...others], { ...options, lane: "kafka" });
      const group = `${topic}-group`;
      return kafkaSubscriber({ brokers, topic, group, resyncMs: 500 }).subscribe(handler);
    },
    /** What a lane without offsets brings: RabbitMQ's. */
    async bring(messages: readonly BrokerMessage[]) {
      const handler = foldHandler([store], { ...options, lane: "rabbit" });
      const delivered = messages.map(({ id, body, headers }) => ({
        ...{ id, body, headers, timestampMs: undefined, offset: undefined, redelivered: false },
      }));
      for (let at = 0; at < delivered.length; at += sendMax) {
        const batch = delivered.slice(at, at + sendMax);
        const { signal } = new AbortController();
        await handler.handle({ range: undefined, messages: batch, signal });
      }
    },
    async publish(messages: readonly BrokerMessage[]) {
      for (let at = 0; at < messages.length; at += sendMax) {
        await publishAll(publisher, messages.slice(at, at + sendMax));
      }
    },
    /** Waits until all that was published is folded into a sink, the store where none is given. */
    async settled(sink: Sink = store) {
      const folded = async () => {
        const all = await ends.read();
        const cursors = await sink.cursors([...all.keys()]);
        return [...all].every(([partition, end]) => (cursors.get(partition) ?? 0) >= end);
      };
      await until("a lane to be folded", folded, { timeoutMs: 60_000, everyMs: 100 });
    },
    rebuild: (...args: readonly string[]) => startCommand("rebuild", [pipeline.name, ...args], env),
    [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose](),
  };
}

/** What a command came to. */
export async function endOf(child: ReturnType<typeof startCommand>) {
  const [code, out, err] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code, out, err };
}
