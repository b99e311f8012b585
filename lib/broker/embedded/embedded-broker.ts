import { batchQueue, type QueueLimits } from "../batch-queue.ts";
import type { DeadLetters } from "../dead-letters.ts";
import type { LaneLog } from "../lane-log.ts";
import { letterBox } from "../letter-box.ts";
import type { BrokerMessage } from "../message.ts";
import { messageBytes } from "../message-bytes.ts";
import type { Publisher } from "../publisher.ts";
import type { Subscriber } from "../subscriber.ts";
import type { SubscriberOptions } from "../subscriber-options.ts";
import { embeddedLetterLog } from "./embedded-letter-log.ts";
import { embeddedSubscriber } from "./embedded-subscriber.ts";
import { type Journal, type JournalOptions, openJournal } from "./journal.ts";

/**
 * A broker within this process, kept in one file.
 *
 * Every lane has one partition, whose offsets have no holes. What was published in one turn of the event loop, over
 * all lanes, is one transaction, and the receipts come after its commit: they survive SIGKILL and the loss of power.
 * Behind the slowest handler `retainMax` messages are kept, and a lane with `backlogMax` unsettled ones is full.
 */
export interface EmbeddedBroker extends AsyncDisposable {
  publisher(lane: string, limits?: QueueLimits): Publisher<BrokerMessage>;
  subscriber(lane: string, options?: SubscriberOptions): Subscriber;
  /** The offset of the next message, by partition. */
  ends(lane: string): Promise<ReadonlyMap<string, number>>;
  /** What a lane that holds dead letters has; to be asked for by its own name. */
  deadLetters(lane: string): DeadLetters;
  /** What is kept of a lane, whoever had it already. */
  log(lane: string): LaneLog;
}

function embeddedPublisher(journal: Journal, laneName: string, limits?: QueueLimits) {
  const lane = journal.lane(laneName);
  const queue = batchQueue<BrokerMessage>({
    send: (_slot, messages) => journal.append(lane, messages),
    bytesOf: messageBytes,
    limits,
  });
  let closed = false;
  const publisher: Publisher<BrokerMessage> = {
    publish: queue.publish,
    ready: () => Promise.resolve(!closed),
    async [Symbol.asyncDispose]() {
      closed = true;
      await queue.close();
    },
  };
  return publisher;
}

/** Opens the broker in `file` (`:memory:` keeps nothing); throws when another process has it open. */
export function embeddedBroker(options: JournalOptions): EmbeddedBroker {
  const journal = openJournal(options);
  const open = new Set<AsyncDisposable>();
  return {
    publisher: (lane, limits) => embeddedPublisher(journal, lane, limits),
    subscriber(lane, subscriberOptions = {}) {
      const subscriber = embeddedSubscriber(journal, journal.lane(lane), subscriberOptions);
      return {
        async subscribe(handler) {
          const subscription = await subscriber.subscribe(handler);
          open.add(subscription);
          return {
            ready: subscription.ready,
            async [Symbol.asyncDispose]() {
              open.delete(subscription);
              await subscription[Symbol.asyncDispose]();
            },
          };
        },
      };
    },
    async ends(name) {
      const lane = journal.lane(name);
      return new Map([[lane.partition, lane.next]]);
    },
    deadLetters: (lane) => letterBox(embeddedLetterLog(journal, journal.lane(lane))),
    log: (lane) => embeddedLetterLog(journal, journal.lane(lane)),
    async [Symbol.asyncDispose]() {
      for (const subscription of open) await subscription[Symbol.asyncDispose]();
      journal.close();
    },
  };
}
