import type { ChannelModel, ConsumeMessage } from "amqplib";
import { pause } from "../../pause.ts";
import { lossOf } from "./rabbit-connection.ts";

/** Follows the end of a stream, which RabbitMQ tells nobody otherwise. */
export interface StreamTail {
  /** The offset behind the last message that was seen; 0 where there was none. */
  end(): number;
  /** Rejects when it follows no more: the channel is gone, or the stream was deleted. */
  readonly lost: Promise<never>;
}

const prefetch = 200;
/** A stream's last chunk comes at once; a stream that is silent for so long after it has no more. */
const quietMs = 200;
/** One that says nothing at all for so long is empty. */
const emptyMs = 500;

/** The offset of a message that came by a stream. */
export function offsetOf({ properties }: ConsumeMessage): number {
  const offset = properties.headers?.["x-stream-offset"];
  return typeof offset === "number" ? offset : 0;
}

/** Follows a stream from its last chunk on; resolves when it has come to its present end. */
export async function streamTail(model: ChannelModel, stream: string): Promise<StreamTail> {
  const channel = await model.createChannel();
  const cancelled = Promise.withResolvers<never>();
  const lost = Promise.race([lossOf(channel, "channel"), cancelled.promise]);
  lost.catch(() => {});
  let end = 0;
  let seenAtMs: number | undefined;
  await channel.prefetch(prefetch);
  const onMessage = (message: ConsumeMessage | null) => {
    if (message === null) return cancelled.reject(new Error(`Cannot follow ${stream}: it is gone`));
    end = Math.max(end, offsetOf(message) + 1);
    seenAtMs = performance.now();
    channel.ack(message);
  };
  const beganMs = performance.now();
  await channel.consume(stream, onMessage, { arguments: { "x-stream-offset": "last" } });
  const quietAtMs = () => (seenAtMs === undefined ? beganMs + emptyMs : seenAtMs + quietMs);
  // At most as long as messages come without a pause; whoever asks has a limit of its own.
  for (let leftMs = emptyMs; leftMs > 0; leftMs = quietAtMs() - performance.now()) {
    await Promise.race([pause(Math.min(leftMs, quietMs)), lost]);
  }
  return { end: () => end, lost };
}
