import { within } from "../../pause.ts";
import { connectRabbit, onOwnChannel, type RabbitConnection } from "./rabbit-connection.ts";

const readTimeoutMs = 5_000;
const notFound = 404;

async function readDepth({ model }: RabbitConnection, queue: string): Promise<number> {
  try {
    const { messageCount } = await onOwnChannel(model, (channel) => channel.checkQueue(queue));
    return messageCount;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === notFound) return 0;
    throw error;
  }
}

/**
 * How many messages of `queue` are ready, which leaves out those that a consumer holds; 0 where there is no such queue.
 *
 * @throws Error when the broker does not answer within five seconds.
 */
export async function rabbitDepth(url: string, queue: string): Promise<number> {
  const connection = await connectRabbit(url, `depth of ${queue}`);
  try {
    return await within("read a queue's depth", readTimeoutMs, readDepth(connection, queue));
  } finally {
    await connection.close();
  }
}
