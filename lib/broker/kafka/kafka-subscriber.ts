import { createClosing } from "../closing.ts";
import type { Subscriber } from "../subscriber.ts";
import { type SubscriberOptions, subscriberSettings } from "../subscriber-options.ts";
import { supervise } from "../supervise.ts";
import { type Consuming, consume, type GroupOptions } from "./consume.ts";

/** What a Kafka subscriber is told. */
export interface KafkaSubscriberOptions extends GroupOptions, SubscriberOptions {}

const rejoinMaxMs = 2_000;
/** Readiness outlives several fetches that find nothing. */
const freshMs = 5_000;

function canReceive({ membership }: Consuming): boolean {
  if (!membership) return false;
  const { partitions, assigned, fetchedAtMs } = membership;
  const busy = [...partitions.values()].some((partition) => partition.busy);
  return partitions.size === assigned.length && (busy || Date.now() - fetchedAtMs < freshMs);
}

/**
 * Reads one topic, which is created where it does not exist, as a member of a group.
 *
 * The group only shares out the partitions. Where each goes on is the store's word; offsets are committed to the group
 * for tools that show lag. Partitions are named by the topic's id, so a topic made anew is another one and is read from
 * its start. Messages of foreign producers come along in any compression.
 */
export function kafkaSubscriber(options: KafkaSubscriberOptions): Subscriber {
  const settings = subscriberSettings(options);
  const { topic } = options;
  return {
    async subscribe(handler) {
      const closing = createClosing();
      const consuming: Consuming = { options, handler, settings, closing, membership: undefined };
      const supervisor = supervise({
        run: (session) => consume(consuming, session),
        pauseMaxMs: rejoinMaxMs,
        onFault: (error) => settings.log.warn("Kafka was lost, joining again", { topic, error }),
      });
      return {
        ready: async () => !closing.stopping.aborted && canReceive(consuming),
        [Symbol.asyncDispose]: () => closing.close(supervisor.stop, settings.closeTimeoutMs),
      };
    },
  };
}
