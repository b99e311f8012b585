import type { ChannelModel, ConsumeMessage } from "amqplib";
import { within } from "../../pause.ts";
import { offsetOf } from "./stream-tail.ts";

const prefetch = 200;
const silentMaxMs = 3_000;

/**
 * The messages of a stream from an offset on, as they come, until the caller has enough. A stream that says nothing for
 * three seconds rejects, since what is asked for is there.
 */
export async function* readStream(
  model: ChannelModel,
  stream: string,
  from: number | "first",
): AsyncIterable<readonly ConsumeMessage[]> {
  const channel = await model.createChannel();
  let gone: Error | undefined;
  let pending: ConsumeMessage[] = [];
  let wake = () => {};
  const end = (why: Error) => {
    gone ??= why;
    wake();
  };
  channel.on("error", end);
  channel.on("close", () => end(new Error(`Cannot read ${stream}: the channel was closed`)));
  try {
    await channel.prefetch(prefetch);
    const onMessage = (message: ConsumeMessage | null) => {
      if (message === null) return end(new Error(`Cannot read ${stream}: it is gone`));
      pending.push(message);
      wake();
    };
    await channel.consume(stream, onMessage, { arguments: { "x-stream-offset": from } });
    while (gone === undefined) {
      if (pending.length === 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await within(`read ${stream}`, silentMaxMs, promise);
        continue;
      }
      const batch = pending;
      pending = [];
      // Streams want acknowledgements, which only say that there is room for more: so no more than one prefetch is held.
      const last = batch.at(-1);
      if (last !== undefined) channel.ack(last, true);
      const asked = batch.filter((each) => from === "first" || offsetOf(each) >= from);
      if (asked.length > 0) yield asked;
    }
    throw gone;
  } finally {
    // One that is closed already rejects.
    await channel.close().catch(() => {});
  }
}
