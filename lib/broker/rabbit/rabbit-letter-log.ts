import type { ChannelModel, ConsumeMessage } from "amqplib";
import { silentLog } from "../../log.ts";
import { within } from "../../pause.ts";
import { deadLettersOf } from "../dead-letter-lane.ts";
import type { LetterLog, LogMessage } from "../letter-log.ts";
import { type ConfirmLink, confirmLink } from "./confirm-link.ts";
import { declareQueue } from "./queue.ts";
import { connectRabbit, type RabbitConnection } from "./rabbit-connection.ts";
import { rabbitDepth } from "./rabbit-depth.ts";
import { readStream } from "./read-stream.ts";
import { offsetOf, type StreamTail, streamTail } from "./stream-tail.ts";
import { fromRabbit, movedBy } from "./to-rabbit.ts";

const openTimeoutMs = 5_000;
const appendMax = 500;
/** How often it is looked where the stream begins: it is cut by whole segments, hours apart. */
const startEveryMs = 10_000;

interface Session {
  readonly connection: RabbitConnection;
  tail: StreamTail | undefined;
  link: ConfirmLink | undefined;
  start: { readonly offset: number; readonly atMs: number } | undefined;
}

/**
 * The stream of a queue's dead letters. A queue would not do: looking at one counts as a delivery, and a quorum queue
 * drops a message that was delivered too often. It connects at the first call, and again after a fault.
 */
export function rabbitLetterLog({
  url,
  queue,
}: {
  readonly url: string;
  readonly queue: string;
}): LetterLog {
  const stream = deadLettersOf(queue);
  let opening: Promise<Session> | undefined;
  const forget = () => {
    const last = opening;
    opening = undefined;
    return last?.then(
      ({ connection }) => connection.close(),
      () => {},
    );
  };
  const session = () => {
    opening ??= openSession(url, `dead letters of ${queue}`, () => {
      opening = undefined;
    });
    return opening;
  };
  /** A fault ends the session: the next call begins another one. */
  const guarded = async <T>(what: string, work: (session: Session) => Promise<T>): Promise<T> => {
    try {
      const answer = async () => {
        const now = await session();
        return await Promise.race([work(now), now.connection.lost]);
      };
      return await within(what, openTimeoutMs, answer());
    } catch (error) {
      void forget();
      throw error;
    }
  };
  return {
    ranges: () =>
      guarded("find dead letters", async (now) => {
        const { model } = now.connection;
        if (now.tail === undefined && (await rabbitDepth(model, stream)) === undefined) {
          return new Map();
        }
        const tail = await tailOf(now, stream);
        const end = tail.end();
        return new Map([[stream, { start: end === 0 ? 0 : await startOf(now, stream), end }]]);
      }),
    async *read(_partition, from, to) {
      const { model } = (await guarded("reach dead letters", (now) => Promise.resolve(now)))
        .connection;
      for await (const messages of readStream(model, stream, from)) {
        const last = messages.at(-1);
        yield messages.map(placed).filter(({ offset }) => offset < to);
        if (last === undefined || offsetOf(last) >= to - 1) return;
      }
    },
    append: (_partition, messages) =>
      guarded("mark dead letters", async (now) => {
        now.link ??= await openLink(now, stream);
        for (let from = 0; from < messages.length; from += appendMax) {
          const results = await now.link.send(messages.slice(from, from + appendMax));
          for (const result of results) if (!result.stored) throw result.error;
        }
      }),
    async [Symbol.asyncDispose]() {
      await forget();
    },
  };
}

async function openSession(url: string, purpose: string, onLost: () => void): Promise<Session> {
  const connection = await connectRabbit(url, purpose);
  connection.lost.catch(onLost);
  return { connection, tail: undefined, link: undefined, start: undefined };
}

async function tailOf(session: Session, stream: string): Promise<StreamTail> {
  if (session.tail !== undefined) return session.tail;
  const tail = await streamTail(session.connection.model, stream);
  session.tail = tail;
  tail.lost.catch(() => {
    session.tail = undefined;
    session.start = undefined;
  });
  return tail;
}

async function openLink({ connection }: Session, stream: string): Promise<ConfirmLink> {
  await declareQueue(connection.model, stream, {}, silentLog);
  return confirmLink(connection, stream);
}

/** The offset of the first message that a stream keeps. */
async function startOf(session: Session, stream: string): Promise<number> {
  const { start } = session;
  if (start !== undefined && Date.now() - start.atMs < startEveryMs) return start.offset;
  const offset = await firstOffset(session.connection.model, stream);
  session.start = { offset, atMs: Date.now() };
  return offset;
}

async function firstOffset(model: ChannelModel, stream: string): Promise<number> {
  for await (const [message] of readStream(model, stream, "first")) {
    if (message !== undefined) return offsetOf(message);
  }
  return 0;
}

function placed(message: ConsumeMessage): LogMessage {
  return { ...fromRabbit(message), offset: offsetOf(message), moved: movedBy(message) };
}
