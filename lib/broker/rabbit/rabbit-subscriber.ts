import type { ConsumeMessage } from "amqplib";
import { within } from "../../pause.ts";
import { type Closing, createClosing } from "../closing.ts";
import type { DeliveryHandler, Subscriber } from "../subscriber.ts";
import {
  type SubscriberOptions,
  type SubscriberSettings,
  subscriberSettings,
} from "../subscriber-options.ts";
import { type Session, supervise } from "../supervise.ts";
import { createPump } from "./pump.ts";
import { declareQueue, type QueueSpec } from "./queue.ts";
import { connectRabbit, lossOf, type RabbitConnection } from "./rabbit-connection.ts";

/** What a RabbitMQ subscriber is told. */
export interface RabbitSubscriberOptions extends Omit<SubscriberOptions, "resyncMs"> {
  /** `amqp://user:password@host:port/vhost`. */
  readonly url: string;
  readonly queue: string;
  /** What the queue shall look like where it does not exist yet. */
  readonly create?: QueueSpec | undefined;
  /** Messages that the broker hands over before they are acknowledged. @default 600 */
  readonly prefetch?: number | undefined;
  /**
   * How long a rejecting handler is asked again before its messages go back to the broker, which counts that towards
   * their delivery limit. @default 30000
   */
  readonly holdMs?: number | undefined;
}

interface Consuming {
  readonly options: RabbitSubscriberOptions;
  readonly settings: SubscriberSettings;
  readonly handler: DeliveryHandler;
  readonly closing: Closing;
  ready: boolean;
}

const reconnectMaxMs = 2_000;
/** A queue that is recovering may keep us waiting; a broken one answers never. */
const openTimeoutMs = 10_000;

/** Opens the channel that delivers; `lost` rejects when it does not any more. */
async function openChannel(
  { options, settings }: Consuming,
  { model }: RabbitConnection,
  push: (message: ConsumeMessage) => void,
) {
  const { queue, create = {}, prefetch = 600 } = options;
  await declareQueue(model, queue, create, settings.log);
  const channel = await model.createChannel();
  const cancelled = Promise.withResolvers<never>();
  const lost = Promise.race([lossOf(channel, "channel"), cancelled.promise]);
  lost.catch(() => {});
  await channel.prefetch(prefetch);
  await channel.consume(queue, (message) => {
    if (message) push(message);
    else cancelled.reject(new Error(`Cannot consume queue ${queue} any more: it was deleted`));
  });
  return { channel, lost };
}

async function consume(consuming: Consuming, connection: RabbitConnection, session: Session) {
  const { options, settings, handler, closing } = consuming;
  const { holdMs = 30_000 } = options;
  const gone = new AbortController();
  const pump = createPump({ handler, settings, holdMs, closing, gone: gone.signal });
  const opening = openChannel(consuming, connection, pump.push);
  const opened = Promise.race([opening, connection.lost]);
  const { channel, lost } = await within("open a queue", openTimeoutMs, opened);
  consuming.ready = true;
  session.up();
  const pumping = pump.run(channel);
  try {
    await Promise.race([pumping, connection.lost, lost]);
  } finally {
    consuming.ready = false;
    if (!closing.stopping.aborted) gone.abort();
    // The next connection delivers the same messages: not before this handler has let go of them.
    await pumping;
    gone.abort();
  }
}

/**
 * Consumes one quorum queue, which is declared together with its dead letter queue, on a connection of its own.
 *
 * Messages are acknowledged when their handler has settled them; a handler that keeps rejecting gives them back, and
 * after too many deliveries the broker moves them to the dead letter queue.
 */
export function rabbitSubscriber(options: RabbitSubscriberOptions): Subscriber {
  const settings = subscriberSettings(options);
  const { url, queue } = options;
  const run = async (consuming: Consuming, session: Session) => {
    const connection = await connectRabbit(url, `subscriber of ${queue}`);
    try {
      await consume(consuming, connection, session);
    } finally {
      await connection.close();
    }
  };
  return {
    async subscribe(handler) {
      const closing = createClosing();
      const consuming: Consuming = { options, settings, handler, closing, ready: false };
      const supervisor = supervise({
        run: (session) => run(consuming, session),
        pauseMaxMs: reconnectMaxMs,
        onFault: (error) => settings.log.warn("RabbitMQ was lost, trying again", { queue, error }),
      });
      return {
        ready: async () => consuming.ready && !closing.stopping.aborted,
        [Symbol.asyncDispose]: () => closing.close(supervisor.stop, settings.closeTimeoutMs),
      };
    },
  };
}
