import type { ChannelModel, ConsumeMessage } from "amqplib";
import { pause } from "../../pause.ts";
import { type DeadLetterReader, eachOnce } from "../dead-letter-reader.ts";
import { deadLetterLogOf, deadLetterQueueOf } from "./queue.ts";
import { onOwnChannel } from "./rabbit-connection.ts";
import { rabbitDepth } from "./rabbit-depth.ts";
import { rabbitQuestions } from "./rabbit-questions.ts";
import { fromRabbit } from "./to-rabbit.ts";

/** A stream does not say where it ends: so long after its last message it is taken to have none left. */
const quietMs = 200;
const readMaxMs = 3_000;
const prefetch = 200;

/**
 * Reads the copies of a queue's dead letters from the stream beside their queue, which no reading changes; the letters
 * themselves are only counted. Without a copy are letters that RabbitMQ itself moved after too many deliveries, and
 * those that a consumer could not copy.
 */
export function rabbitDeadLetters({
  url,
  queue,
}: {
  readonly url: string;
  readonly queue: string;
}): DeadLetterReader {
  const questions = rabbitQuestions(url, `dead letters of ${queue}`);
  return {
    newest: (limit) =>
      questions.ask("read dead letters", async (model) => {
        const messages = await lastOf(model, deadLetterLogOf(queue), limit);
        return eachOnce(messages.map(fromRabbit).reverse(), limit);
      }),
    waiting: () =>
      questions.ask(
        "count dead letters",
        async (model) => (await rabbitDepth(model, deadLetterQueueOf(queue))) ?? 0,
      ),
    [Symbol.asyncDispose]: () => questions[Symbol.asyncDispose](),
  };
}

/** The last `limit` messages of a stream. */
async function lastOf(
  model: ChannelModel,
  stream: string,
  limit: number,
): Promise<readonly ConsumeMessage[]> {
  const count = await rabbitDepth(model, stream);
  if (count === undefined) return [];
  // The first message of the last chunk, which may hold many or only this one.
  const [chunk] = await readStream(model, stream, "last", () => "stop");
  if (chunk === undefined) {
    // The count is a few seconds old, and so says nothing where it is 0.
    if (count === 0) return [];
    throw new Error(`Cannot read ${stream}: it delivers nothing in time`);
  }
  const known = offsetOf(chunk);
  // Twice as far back as messages are wanted: some offsets have none.
  const from = Math.max(0, known - 2 * limit);
  const messages = await readStream(model, stream, from, (message) =>
    offsetOf(message) < known ? "more" : "maybe",
  );
  if (messages.length === 0) throw new Error(`Cannot read ${stream}: it delivers nothing in time`);
  return messages.slice(-limit);
}

/**
 * Reads from an offset on; `after` says of each message whether more must follow, may follow (it is waited for a moment),
 * or is not wanted. What does not come in time is left out, and all is where more must have followed.
 */
function readStream(
  model: ChannelModel,
  stream: string,
  from: number | "last",
  after: (message: ConsumeMessage) => "more" | "maybe" | "stop",
): Promise<readonly ConsumeMessage[]> {
  return onOwnChannel(model, async (channel) => {
    const over = new AbortController();
    const stop = () => over.abort();
    let quiet: Timer | undefined;
    let messages: ConsumeMessage[] = [];
    const onMessage = (message: ConsumeMessage | null) => {
      if (message === null || over.signal.aborted) return;
      messages.push(message);
      channel.ack(message);
      clearTimeout(quiet);
      const next = after(message);
      if (next === "maybe") quiet = setTimeout(stop, quietMs);
      if (next === "stop") stop();
    };
    // Streams want a prefetch and acknowledgements, which only say that there is room for more.
    await channel.prefetch(prefetch);
    await channel.consume(stream, onMessage, { arguments: { "x-stream-offset": from } });
    await pause(readMaxMs, over.signal);
    if (quiet === undefined && !over.signal.aborted) messages = [];
    stop();
    clearTimeout(quiet);
    return messages;
  });
}

function offsetOf({ properties }: ConsumeMessage): number {
  const offset = properties.headers?.["x-stream-offset"];
  return typeof offset === "number" ? offset : 0;
}
