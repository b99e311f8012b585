import type { ChannelModel, Options } from "amqplib";
import type { Log } from "../../log.ts";
import { onOwnChannel } from "./rabbit-connection.ts";

/** What a queue shall look like where it does not exist yet. */
export interface QueueSpec {
  /** Messages held; what comes beyond is refused to the publisher. @default 1000000 */
  readonly lengthMax?: number | undefined;
  /** Deliveries of one message before it goes to the dead letter queue. @default 100 */
  readonly deliveryLimit?: number | undefined;
}

const deadLetterSuffix = ".dlq";
const logSuffix = `${deadLetterSuffix}.log`;
const deadLettersMax = 1_000_000;
const logBytesMax = 33_554_432;
const logSegmentBytes = 8_388_608;
const preconditionFailed = 406;

/** Where a queue's messages go that were delivered too often. */
export const deadLetterQueueOf = (queue: string) => `${queue}${deadLetterSuffix}`;

/** Where the copies of a queue's dead letters stand that can be read without being taken. */
export const deadLetterLogOf = (queue: string) => `${queue}${logSuffix}`;

const quorum = (lengthMax: number, more: Record<string, unknown> = {}): Options.AssertQueue => ({
  durable: true,
  arguments: {
    "x-queue-type": "quorum",
    "x-overflow": "reject-publish",
    "x-max-length": lengthMax,
    ...more,
  },
});

const stream: Options.AssertQueue = {
  durable: true,
  arguments: {
    "x-queue-type": "stream",
    "x-max-length-bytes": logBytesMax,
    "x-stream-max-segment-size-bytes": logSegmentBytes,
  },
};

async function declare(model: ChannelModel, queue: string, options: Options.AssertQueue, log: Log) {
  try {
    await onOwnChannel(model, (channel) => channel.assertQueue(queue, options));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === preconditionFailed)) {
      throw error;
    }
    // Somebody declared it otherwise, and only the operator may delete it.
    await onOwnChannel(model, (channel) => channel.checkQueue(queue));
    log.warn("a queue exists with other arguments and is used as it is", { queue, error });
  }
}

/**
 * Declares a quorum queue and the one for its dead letters, so that publisher and subscriber agree whoever comes first.
 * A full queue refuses messages, and a dead letter is kept until its queue has it. A log of dead letters is a stream,
 * which keeps its newest 32 MiB.
 */
export async function declareQueue(
  model: ChannelModel,
  queue: string,
  { lengthMax = 1_000_000, deliveryLimit = 100 }: QueueSpec,
  log: Log,
): Promise<void> {
  if (queue.endsWith(logSuffix)) return declare(model, queue, stream, log);
  if (queue.endsWith(deadLetterSuffix)) return declare(model, queue, quorum(deadLettersMax), log);
  const deadLetters = deadLetterQueueOf(queue);
  await declare(model, deadLetters, quorum(deadLettersMax), log);
  const dying = {
    "x-delivery-limit": deliveryLimit,
    "x-dead-letter-exchange": "",
    "x-dead-letter-routing-key": deadLetters,
    "x-dead-letter-strategy": "at-least-once",
  };
  await declare(model, queue, quorum(lengthMax, dying), log);
}
