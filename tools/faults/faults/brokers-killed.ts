import { pause } from "../../../lib/pause.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { plain, proxied } from "../rigs.ts";

/** How long confirms are held back before the broker dies. */
const heldMs = 1_500;
const writer = "clima-app-writer:RABBIT_URL";

/** Kafka's only broker, gone in the middle of everything and back with its data. */
export const kafkaKilled: Fault = {
  numbers: [10],
  name: "kafka-killed",
  title: "Kafka SIGKILL under load, back after 10 s",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 400,
  lastsMs: 10_000,
  shortMs: 3_000,
  ordered: true,
  strike: ({ rig }) => rig.child("kafka1").kill(),
  heal: ({ rig }) => rig.child("kafka1").start(),
  expect: unnoticedBy("rabbit"),
};

/** A broker that stops in the middle of everything, and answers again what was asked meanwhile. */
export const kafkaFrozen: Fault = {
  numbers: [13],
  name: "kafka-frozen",
  title: "Kafka SIGSTOP until requests time out: the producer is made anew",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  perSecond: 300,
  lastsMs: 12_000,
  ordered: true,
  strike: async ({ rig }) => rig.child("kafka1").freeze(),
  heal: async ({ rig }) => rig.child("kafka1").unfreeze(),
  expect: unnoticedBy("rabbit"),
};

/** RabbitMQ has stored messages whose confirms never come. */
export const rabbitKilled: Fault = {
  numbers: [11],
  name: "rabbit-killed",
  title: "RabbitMQ SIGKILL between publish and confirm",
  rig: proxied,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 300,
  lastsMs: 5_000,
  shortMs: 2_000,
  strike: async ({ rig, target, signal }) => {
    if (rig.proxies.names.includes(writer)) {
      const toxic = { type: "timeout", stream: "downstream", attributes: { timeout: 0 } } as const;
      await rig.proxies.poison(writer, toxic);
    }
    if (target !== "kafka") await pause(heldMs, signal);
    await rig.child("rabbitmq").kill();
  },
  heal: async ({ rig }) => {
    await rig.proxies.reset();
    await rig.child("rabbitmq").start();
  },
  expect: unnoticedBy("kafka"),
};

/** How much of a broker that a policy does not need was noticed under it: the rest is what the machine cannot take. */
function unnoticedBy(policy: string) {
  return async ({ target, ledger, note }: FaultContext) => {
    if (target !== policy) return;
    const acked = [...ledger.entries.values()].filter(({ first }) => first === "acked");
    note(`not needed: ${acked.length} of ${ledger.entries.size} acknowledged at once`);
  };
}
