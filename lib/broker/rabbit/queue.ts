import type { ChannelModel, Options } from "amqplib";
import type { Log } from "../../log.ts";
import { deadLetterBounds, deadLettersOf, keepsDeadLetters } from "../dead-letter-lane.ts";
import { onOwnChannel } from "./rabbit-connection.ts";

/** What a queue shall look like where it does not exist yet. */
export interface QueueSpec {
  /** Messages held; what comes beyond is refused to the publisher. @default 1000000 */
  readonly lengthMax?: number | undefined;
  /** Deliveries of one message before RabbitMQ sets it aside. @default 100 */
  readonly deliveryLimit?: number | undefined;
}

const segmentsMax = 8;
const preconditionFailed = 406;

const quorum = (lengthMax: number, more: Record<string, unknown>): Options.AssertQueue => ({
  durable: true,
  arguments: {
    "x-queue-type": "quorum",
    "x-overflow": "reject-publish",
    "x-max-length": lengthMax,
    ...more,
  },
});

/** Streams go by whole segments; their ages are written in seconds. */
const letters: Options.AssertQueue = {
  durable: true,
  arguments: {
    "x-queue-type": "stream",
    "x-max-length-bytes": deadLetterBounds.bytesMax,
    "x-max-age": `${deadLetterBounds.ageMaxMs / 1_000}s`,
    "x-stream-max-segment-size-bytes": deadLetterBounds.bytesMax / segmentsMax,
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
 * Declares a quorum queue and the stream of its dead letters, so that publisher and subscriber agree whoever comes first.
 * A full queue refuses messages. The stream is where consumers set messages aside, and where RabbitMQ itself moves those
 * that were delivered too often, which stay in the queue until the stream has them.
 */
export async function declareQueue(
  model: ChannelModel,
  queue: string,
  { lengthMax = 1_000_000, deliveryLimit = 100 }: QueueSpec,
  log: Log,
): Promise<void> {
  if (keepsDeadLetters(queue)) return declare(model, queue, letters, log);
  const deadLetters = deadLettersOf(queue);
  await declare(model, deadLetters, letters, log);
  const dying = {
    "x-delivery-limit": deliveryLimit,
    "x-dead-letter-exchange": "",
    "x-dead-letter-routing-key": deadLetters,
    "x-dead-letter-strategy": "at-least-once",
  };
  await declare(model, queue, quorum(lengthMax, dying), log);
}
