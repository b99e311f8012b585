import type { BrokerMessage } from "../../../lib/broker/message.ts";
import { pause } from "../../../lib/pause.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { entriesThat } from "../instrument/client-ledger.ts";
import { requestOf } from "../instrument/counters.ts";
import { lanesOf, onBroker, publishTo } from "../probes/publish.ts";
import { plain, proxied } from "../rigs.ts";

const copiesOf = 300;
const requeueMs = 1_500;
const events = 40;

/** The brokers deliver what was delivered: copies that somebody published, and what a lost connection gives back. */
export const copiesDelivered: Fault = {
  numbers: [23],
  name: "copies-delivered",
  title: "300 events published twice more, deliveries given back by cut connections",
  rig: proxied,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 200,
  strike: async (context) => {
    const { rig, target, ledger, signal } = context;
    await pause(requeueMs, signal);
    const some = entriesThat(ledger, "acked").slice(0, copiesOf);
    const copies = some.map((entry) => onBroker(rig, entry));
    for (const lane of lanesOf(target)) {
      await publishTo(rig, lane, copies);
      await publishTo(rig, lane, copies);
    }
    for (let turn = 0; turn < 3 && target !== "kafka"; turn += 1) {
      await rig.proxies.cut("clima-app-rabbit-consumer:RABBIT_URL", true);
      await rig.proxies.cut("clima-app-rabbit-consumer:RABBIT_URL", false);
      await pause(requeueMs, signal);
    }
    context.note(`${2 * copies.length * lanesOf(target).length} copies`);
  },
};

/** The same id in one batch, and on two lanes at the same moment. */
export const sameIdAtOnce: Fault = {
  numbers: [34],
  name: "same-id-at-once",
  title: "an id three times in one batch, on every lane at the same moment",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 50,
  strike: async (context) => {
    const { rig, target } = context;
    const messages = Array.from({ length: events }, () => acknowledged(context));
    const batch = messages.flatMap((message) => [message, message, message]);
    await Promise.all(lanesOf(target).map((lane) => publishTo(rig, lane, batch)));
    context.note(`${events} ids, ${batch.length * lanesOf(target).length} messages`);
    // What stands in the topic was not required of our relays.
    if (target === "rabbit") return;
    for (const message of messages) await publishTo(rig, "kafka", [message]);
  },
};

/** An event that counts as acknowledged, since this fault publishes it itself. */
function acknowledged({ rig, ledger, target }: FaultContext): BrokerMessage {
  const key = Bun.randomUUIDv7();
  const { body, effects } = requestOf(rig.spec.mix, 0, rig.url());
  ledger.sending({ key, target, sentAtMs: Date.now(), body, effects });
  ledger.heard(key, { outcome: "acked", status: 0, latencyMs: 0 });
  return onBroker(rig, { id: key, body });
}
