import type { ConfirmChannel } from "amqplib";
import { within } from "../../pause.ts";
import { notStored } from "../batch-slot.ts";
import type { BrokerMessage } from "../message.ts";
import type { PublishResult } from "../publisher.ts";
import { toError } from "../tell-changes.ts";
import { lossOf, type RabbitConnection } from "./rabbit-connection.ts";
import { contentOf, propertiesOf } from "./to-rabbit.ts";

/** A channel that confirms. */
export interface ConfirmLink {
  /** Publishes and waits for all confirms; what was not sent or not confirmed comes back as `unavailable`. */
  send(messages: readonly BrokerMessage[]): Promise<readonly PublishResult[]>;
  /** True while the broker takes no messages, for want of memory or disk. */
  blocked(): boolean;
  /** Rejects when the connection had better be made anew. */
  readonly lost: Promise<never>;
}

/** A broker that lives but does not confirm for so long has forgotten us. */
const confirmTimeoutMs = 30_000;
const drainTimeoutMs = 1_000;
const stored: PublishResult = { stored: true };

const unavailable = (thrown: unknown) =>
  notStored("unavailable", toError(thrown).message, toError(thrown));

/** Waits until the socket takes more, or the channel is closed, which the next publish finds out. */
async function drained(channel: ConfirmChannel): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  channel.once("drain", resolve).once("close", resolve);
  try {
    await within("send more", drainTimeoutMs, promise);
  } finally {
    channel.off("drain", resolve).off("close", resolve);
  }
}

/** Opens a confirming channel to `queue` on a connection. */
export async function confirmLink(
  connection: RabbitConnection,
  queue: string,
): Promise<ConfirmLink> {
  const channel: ConfirmChannel = await connection.model.createConfirmChannel();
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  const lost = Promise.race([connection.lost, lossOf(channel, "channel"), broken.promise]);
  lost.catch(() => {});
  let blocked = false;
  connection.model.on("blocked", () => {
    blocked = true;
  });
  connection.model.on("unblocked", () => {
    blocked = false;
  });
  // A message that no queue takes is returned first and confirmed then.
  const returned = new Map<unknown, number>();
  const count = (id: unknown, change: number) =>
    returned.set(id, (returned.get(id) ?? 0) + change).get(id);
  channel.on("return", ({ properties }) => count(properties.messageId, 1));
  /** Resolves with how the broker confirmed; `room` is false when the socket asks to wait. */
  const publish = (message: BrokerMessage) => {
    const { promise, resolve } = Promise.withResolvers<PublishResult>();
    const confirmed = (error: unknown) => {
      if (error) return resolve(unavailable(error));
      if (!returned.get(message.id)) return resolve(stored);
      if (count(message.id, -1) === 0) returned.delete(message.id);
      const unroutable = new Error(`Cannot route to queue ${queue}: it does not exist`);
      // Connecting anew declares it again.
      broken.reject(unroutable);
      resolve(unavailable(unroutable));
    };
    const content = contentOf(message);
    const room = channel.publish("", queue, content, propertiesOf(message), confirmed);
    return { promise, room };
  };
  const sendAll = async (messages: readonly BrokerMessage[]) => {
    const confirms: Promise<PublishResult>[] = [];
    try {
      for (const message of messages) {
        if (blocked) throw new Error("Cannot publish now: the broker blocks its connections");
        const { promise, room } = publish(message);
        confirms.push(promise);
        if (!room) await drained(channel);
      }
    } catch (error) {
      while (confirms.length < messages.length) confirms.push(Promise.resolve(unavailable(error)));
    }
    return await Promise.all(confirms);
  };
  return {
    async send(messages) {
      try {
        return await within("see a confirm", confirmTimeoutMs, sendAll(messages));
      } catch (error) {
        broken.reject(toError(error));
        throw error;
      }
    },
    blocked: () => blocked,
    lost,
  };
}
