import { type Log, silentLog } from "../../log.ts";
import { aborted, within } from "../../pause.ts";
import { type BatchQueue, batchQueue, type QueueLimits } from "../batch-queue.ts";
import type { BrokerMessage } from "../message.ts";
import { messageBytes } from "../message-bytes.ts";
import type { Publisher } from "../publisher.ts";
import { type Session, type Supervisor, supervise } from "../supervise.ts";
import { type ConfirmLink, confirmLink } from "./confirm-link.ts";
import { declareQueue, type QueueSpec } from "./queue.ts";
import { connectRabbit, onOwnChannel, type RabbitConnection } from "./rabbit-connection.ts";

/** What a RabbitMQ publisher is told. */
export interface RabbitPublisherOptions {
  /** `amqp://user:password@host:port/vhost`. */
  readonly url: string;
  readonly queue: string;
  /** What the queue shall look like where it does not exist yet. */
  readonly create?: QueueSpec | undefined;
  readonly limits?: QueueLimits | undefined;
  /** Told of faults that are survived. @default nobody */
  readonly log?: Log | undefined;
}

interface State {
  readonly options: RabbitPublisherOptions;
  connection: RabbitConnection | undefined;
  link: ConfirmLink | undefined;
  fault: Error | undefined;
  supervisor: Supervisor | undefined;
  closed: boolean;
}

const reconnectMaxMs = 1_000;
const probeTimeoutMs = 1_500;
/** A queue that is recovering may keep us waiting; a broken one answers never. */
const openTimeoutMs = 10_000;

/** One connection's life. */
async function produce(state: State, queue: BatchQueue<BrokerMessage>, { signal, up }: Session) {
  const { url, queue: name, create = {}, log = silentLog } = state.options;
  const connection = await connectRabbit(url, `publisher of ${name}`);
  try {
    const open = async () => {
      await declareQueue(connection.model, name, create, log);
      return await confirmLink(connection, name);
    };
    const link = await within("open a queue", openTimeoutMs, open());
    state.connection = connection;
    state.link = link;
    state.fault = undefined;
    up();
    queue.retry();
    await Promise.race([link.lost, aborted(signal)]);
  } finally {
    state.connection = undefined;
    state.link = undefined;
    await connection.close();
  }
}

function start(state: State, queue: BatchQueue<BrokerMessage>): void {
  const { log = silentLog, queue: name } = state.options;
  if (state.closed) return;
  state.supervisor ??= supervise({
    run: (session) => produce(state, queue, session),
    pauseMaxMs: reconnectMaxMs,
    onFault(error) {
      log.warn("RabbitMQ cannot be reached, trying again", { queue: name, error });
      state.fault = error;
    },
  });
}

/**
 * Publishes to one quorum queue, which is declared together with its dead letter queue.
 *
 * A receipt is the broker's confirm for a persistent message that a queue took. What was not confirmed when a
 * connection broke is published again under its id. Connects at the first use.
 */
export function rabbitPublisher(options: RabbitPublisherOptions): Publisher<BrokerMessage> {
  const state: State = {
    ...{ options, connection: undefined, link: undefined, fault: undefined, supervisor: undefined },
    closed: false,
  };
  const queue: BatchQueue<BrokerMessage> = batchQueue<BrokerMessage>({
    async send(_slot, messages) {
      if (!state.link) throw state.fault ?? new Error("Cannot reach RabbitMQ: not connected yet");
      return await state.link.send(messages);
    },
    bytesOf: messageBytes,
    fault: () => (state.link ? undefined : state.fault),
    limits: options.limits,
  });
  return {
    publish(messages, publishOptions) {
      start(state, queue);
      return queue.publish(messages, publishOptions);
    },
    async ready() {
      start(state, queue);
      const { connection, link } = state;
      if (!connection || link?.blocked()) return false;
      const probe = onOwnChannel(connection.model, (channel) => channel.checkQueue(options.queue));
      return await within("ask for a queue", probeTimeoutMs, probe).then(
        () => true,
        () => false,
      );
    },
    async [Symbol.asyncDispose]() {
      state.closed = true;
      await queue.close();
      await state.supervisor?.stop();
    },
  };
}
