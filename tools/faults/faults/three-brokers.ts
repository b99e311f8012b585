import { ConfigResourceTypes } from "kafkajs";
import { describeTopic } from "../../../lib/broker/kafka/describe-topic.ts";
import { pause } from "../../../lib/pause.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { requestOf } from "../instrument/counters.ts";
import { whileOverloaded } from "../probes/while-overloaded.ts";
import { threeBrokers } from "../rigs.ts";

/** Until the cluster has noticed that a broker is gone. */
const noticedMs = 5_000;
const silentMs = 3_000;
const notWith = "rabbit: nothing goes through Kafka";

/** A partition's leader dies under load; the others have what was acknowledged. */
export const leaderKilled: Fault = {
  numbers: [33],
  name: "leader-killed",
  title: "three brokers, a partition's leader SIGKILLed under load",
  rig: threeBrokers,
  targets: ["kafka", "both"],
  notWith,
  perSecond: 300,
  lastsMs: 8_000,
  ordered: true,
  strike: async (context) => {
    const name = await leaderOf(context);
    await context.rig.child(name).kill();
    context.note(`${name} led partition 0`);
  },
  heal: startKafka,
};

/** Too few brokers have what is sent: none of it may be acknowledged. */
export const tooFewInSync: Fault = {
  numbers: [12],
  name: "too-few-in-sync",
  title: "not enough in-sync replicas: min.insync.replicas 3, one of three brokers dead",
  rig: threeBrokers,
  targets: ["kafka", "both"],
  notWith,
  perSecond: 200,
  ordered: true,
  strike: async (context) => {
    const { rig, client, signal } = context;
    await inSyncMin(context, 3);
    await rig.child("kafka3").kill();
    await pause(noticedMs, signal);
    const fromMs = performance.now();
    await pause(silentMs, signal);
    const request = requestOf(rig.spec.mix, 0, rig.url());
    const send = () => client.send(Bun.randomUUIDv7(), request);
    const { status } = await whileOverloaded(send, signal);
    const acked = client.samples.filter(
      ({ dueMs, outcome }) => dueMs > fromMs && outcome === "acked",
    );
    if (acked.length > 0) context.miss(`${acked.length} events were acknowledged`);
    if (status !== 503) context.miss(`answered ${status}, expected 503`);
  },
  heal: async (context) => {
    await startKafka(context);
    await inSyncMin(context, 2);
  },
};

async function startKafka({ rig }: FaultContext): Promise<void> {
  const nodes = [...rig.system.processes.values()].filter(({ name }) => name.startsWith("kafka"));
  for (const node of nodes) if (!node.running) await node.start();
}

async function leaderOf({ rig }: FaultContext): Promise<string> {
  const { kafka: brokers } = rig.system.urls;
  const topic = await describeTopic({ brokers }, rig.spec.pipeline.broker.topic);
  const index = brokers.indexOf(topic?.leaders.get(0) ?? "");
  return `kafka${index + 1}`;
}

async function inSyncMin({ rig }: FaultContext, least: number): Promise<void> {
  const { topic } = rig.spec.pipeline.broker;
  await rig.kafka.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: ConfigResourceTypes.TOPIC,
        name: topic,
        configEntries: [{ name: "min.insync.replicas", value: `${least}` }],
      },
    ],
  });
}
