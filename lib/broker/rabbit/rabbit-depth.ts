import type { ChannelModel } from "amqplib";
import { onOwnChannel } from "./rabbit-connection.ts";

/** How RabbitMQ says that there is none; one whose node is down is "not found" as well, in other words. */
const isNone = /NOT_FOUND - no queue/;

/**
 * How many messages of `queue` are ready, which leaves out those that a consumer holds; undefined where there is no such
 * queue.
 */
export async function rabbitDepth(model: ChannelModel, queue: string): Promise<number | undefined> {
  try {
    const { messageCount } = await onOwnChannel(model, (channel) => channel.checkQueue(queue));
    return messageCount;
  } catch (error) {
    if (error instanceof Error && isNone.test(error.message)) return undefined;
    throw error;
  }
}
