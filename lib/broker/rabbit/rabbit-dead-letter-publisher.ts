import { silentLog } from "../../log.ts";
import type { BrokerMessage } from "../message.ts";
import type { Publisher } from "../publisher.ts";
import { tellChanges } from "../tell-changes.ts";
import { deadLetterLogOf, deadLetterQueueOf } from "./queue.ts";
import { type RabbitPublisherOptions, rabbitPublisher } from "./rabbit-publisher.ts";

/**
 * Publishes the dead letters of `queue` to their own queue, and a copy of each to a stream beside it.
 *
 * People look at the stream, since nobody can look at a queue: RabbitMQ counts every look as a delivery, and a quorum
 * queue drops a message that was delivered too often. The receipt is the queue's; a copy that fails is told and missing
 * where people look.
 */
export function rabbitDeadLetterPublisher(
  options: Pick<RabbitPublisherOptions, "url" | "queue" | "log">,
): Publisher<BrokerMessage> {
  const { url, queue, log = silentLog } = options;
  const letters = rabbitPublisher({ url, queue: deadLetterQueueOf(queue), log });
  const copies = rabbitPublisher({ url, queue: deadLetterLogOf(queue), log });
  const faults = tellChanges((error) =>
    log.warn("dead letters are kept but cannot be shown", { queue, error }),
  );
  return {
    publish(messages, publishOptions) {
      const stored = letters.publish(messages, publishOptions);
      void copies.publish(messages, publishOptions).then((results) => {
        const failed = results.find((result) => !result.stored);
        if (failed?.stored === false) faults.tell(failed.error);
        else faults.over();
      });
      return stored;
    },
    ready: () => letters.ready(),
    async [Symbol.asyncDispose]() {
      await Promise.all([letters, copies].map((each) => each[Symbol.asyncDispose]()));
    },
  };
}
