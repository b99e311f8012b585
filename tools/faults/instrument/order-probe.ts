import { kafkaPublisher } from "../../../lib/broker/kafka/kafka-publisher.ts";
import type { BrokerMessage } from "../../../lib/broker/message.ts";
import { newEventId } from "../../../lib/event/event-id.ts";
import { pause } from "../../../lib/pause.ts";
import { idsSince } from "./topic.ts";

/** What became of keyed messages that were published one after another. */
export interface OrderReport {
  readonly acked: number;
  /** Acknowledged messages that are not in the topic. */
  readonly lost: number;
  /** Messages whose first copy stands behind that of a later one of their key. */
  readonly misplaced: number;
}

/** Publishes to a keyed topic of its own, as a pipeline does that asks for order. */
export interface OrderProbe extends AsyncDisposable {
  /** Publishes no more, and reads what stands in the topic. */
  stop(): Promise<OrderReport>;
}

const keys = ["a", "b", "c", "d"];
const everyMs = 20;
const deadlineMs = 3_000;

/** Begins to publish; no pipeline of ours keeps Kafka's order, so the promise of its lane is tried beside them. */
export function orderProbe(brokers: readonly string[]): OrderProbe {
  const topic = `faults-order-${crypto.randomUUID()}`;
  const publisher = kafkaPublisher({ brokers, topic });
  const over = new AbortController();
  const sent = new Map<string, { readonly key: string; readonly at: number; acked: boolean }>();
  const follow = async (key: string) => {
    for (let at = 0; !over.signal.aborted; at += 1) {
      const id = newEventId();
      const entry = { key, at, acked: false };
      sent.set(id, entry);
      const message: BrokerMessage = {
        id,
        key,
        spread: false,
        body: Buffer.from("{}"),
        headers: {},
      };
      const [result] = await publisher.publish([message], {
        deadlineAtMs: Date.now() + deadlineMs,
      });
      entry.acked = result?.stored === true;
      await pause(everyMs, over.signal);
    }
  };
  const following = Promise.all(keys.map(follow));
  return {
    async stop() {
      over.abort();
      await following;
      const ids = [...(await idsSince(brokers, topic, new Map())).values()].flat();
      const stored = new Set(ids);
      const acked = [...sent].filter(([, { acked }]) => acked);
      return {
        acked: acked.length,
        lost: acked.filter(([id]) => !stored.has(id)).length,
        misplaced: misplacedOf([...stored].flatMap((id) => sent.get(id) ?? [])),
      };
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      await following;
      await publisher[Symbol.asyncDispose]();
    },
  };
}

/** How many of these stand behind a later one of their key. */
function misplacedOf(inOrder: readonly { readonly key: string; readonly at: number }[]): number {
  const last = new Map<string, number>();
  return inOrder.filter(({ key, at }) => {
    const before = last.get(key) ?? -1;
    last.set(key, Math.max(before, at));
    return at < before;
  }).length;
}
