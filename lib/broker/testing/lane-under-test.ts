import type { QueueLimits } from "../batch-queue.ts";
import type { BrokerMessage } from "../message.ts";
import type { Publisher } from "../publisher.ts";
import type { Subscriber } from "../subscriber.ts";
import type { SubscriberOptions } from "../subscriber-options.ts";

/** One lane of a driver, with nothing in it. */
export interface LaneUnderTest extends AsyncDisposable {
  publisher(limits?: QueueLimits): Publisher<BrokerMessage>;
  subscriber(options?: SubscriberOptions): Subscriber;
}
