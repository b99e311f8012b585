import { Kafka, logLevel, Partitioners } from "kafkajs";
import { newEventId } from "../../../lib/event/event-id.ts";
import { pause } from "../../../lib/pause.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { entriesThat } from "../instrument/client-ledger.ts";
import { requestOf } from "../instrument/counters.ts";
import { untilDrained } from "../instrument/drain.ts";
import { linesFrom } from "../instrument/process-watch.ts";
import { claimedOf, grown, storeLedger } from "../instrument/stored.ts";
import { onBroker } from "../probes/publish.ts";
import { plain } from "../rigs.ts";

const consumer = "clima-app-kafka-consumer";
const missingMs = 3_000;
const transactions = 20;
const perTransaction = 5;
const settleMs = 30_000;
const notWith = "rabbit: a queue has neither retention nor topics nor transactions of this kind";

/** The topic is gone for good, and another one has its name. */
export const topicMadeAnew: Fault = {
  numbers: [32],
  name: "topic-made-anew",
  title: "the topic deleted and made anew under the same name",
  rig: plain,
  targets: ["kafka", "both"],
  notWith,
  short: ["both"],
  perSecond: 150,
  lastsMs: 3_000,
  strike: async (context) => {
    const { rig, client, signal } = context;
    // What was not consumed yet would be gone with the topic.
    await client.stop();
    const { left } = await untilDrained(rig.drainable, { limitMs: settleMs, signal });
    if (left !== undefined) context.miss(`${left.kafka} messages are not consumed before`);
    context.topicIsGone();
    await rig.kafka.deleteTopics({ topics: [rig.spec.pipeline.broker.topic] });
    client.start(topicMadeAnew.perSecond);
  },
};

/** Transactions leave markers, and messages that nobody may read, between those of ours. */
export const transactionMarkers: Fault = {
  numbers: [32],
  name: "transaction-markers",
  title: "20 foreign transactions between our messages, every second one aborted",
  rig: plain,
  targets: ["kafka", "both"],
  notWith,
  perSecond: 150,
  strike: async (context) => {
    const { rig, also, note } = context;
    const { topic } = rig.spec.pipeline.broker;
    const brokers = [...rig.system.urls.kafka];
    const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      transactionalId: `faults-${crypto.randomUUID()}`,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    try {
      for (let turn = 0; turn < transactions; turn += 1) {
        const requests = Array.from({ length: perTransaction }, () =>
          requestOf(rig.spec.mix, 0, rig.url()),
        );
        const messages = requests.map(({ body }) => {
          const { id, body: value } = onBroker(rig, { id: newEventId(), body });
          return { value: Buffer.from(value), headers: { id } };
        });
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages });
        if (turn % 2 === 1) await transaction.abort();
        else {
          await transaction.commit();
          for (const { effects } of requests) also(effects);
        }
      }
    } finally {
      await producer.disconnect();
    }
    note(`${(transactions / 2) * perTransaction} foreign events count, as many do not`);
  },
};

/** Messages are removed before the consumer is back: nobody may miss that. */
export const pastRetention: readonly Fault[] = (["kafka", "both"] as const).map((target) => ({
  numbers: [28],
  name: target === "kafka" ? "past-retention" : "past-retention-of-one-lane",
  title: "the consumer stopped until its messages are removed (as retention does)",
  rig: plain,
  targets: [target],
  notWith,
  short: target === "both" ? [target] : [],
  perSecond: 150,
  ...(target === "kafka" && {
    exempt: {
      I1: "what was removed is lost: exactly that, and told",
      I2: "what was removed is lost: exactly that, and told",
      I8: "the newest report of a place may be among what was removed",
    },
  }),
  strike: async (context: FaultContext) => {
    const { rig, signal } = context;
    const { topic } = rig.spec.pipeline.broker;
    logsFrom.set(rig, Bun.file(rig.child(consumer).logFile).size);
    before.set(rig, await storeLedger(rig.valkey));
    context.topicIsGone();
    await rig.child(consumer).stop();
    await pause(missingMs, signal);
    const offsets = await rig.kafka.fetchTopicOffsets(topic);
    await rig.kafka.deleteTopicRecords({
      topic,
      partitions: offsets.map(({ partition, high }) => ({ partition, offset: high })),
    });
  },
  heal: ({ rig }: FaultContext) => rig.child(consumer).start(),
  expect: expectLoss,
}));

const logsFrom = new WeakMap<FaultContext["rig"], number>();
const before = new WeakMap<FaultContext["rig"], Readonly<Record<string, number>>>();

/** What is told as lost must be what has no effect; none of it where the other lane has it. */
async function expectLoss({ rig, target, ledger, miss, note }: FaultContext): Promise<void> {
  const lost = grown(before.get(rig) ?? {}, await storeLedger(rig.valkey), ["lost"]);
  const ids = entriesThat(ledger, "acked").map(({ id }) => id);
  const without = ids.length - (await claimedOf(rig.valkey, ids)).size;
  note(`${lost} messages reported as lost, ${without} events without an effect`);
  if (lost === 0) miss("no loss was reported");
  if (without !== (target === "kafka" ? lost : 0)) miss(`${without} events have no effect`);
  const lines = linesFrom(rig.child(consumer).logFile, logsFrom.get(rig) ?? 0);
  const told = lines.some((line) => line.includes("gone before they were read"));
  if (!told) miss("the consumer's log says nothing of the loss");
}
