import type { LaneLog } from "../broker/lane-log.ts";
import type { LogMessage } from "../broker/letter-log.ts";
import type { OffsetRange } from "../broker/subscriber.ts";
import { eventTimeMs } from "../event/event-id.ts";

/** The part of a partition's log that is to be read. */
export interface LogPart {
  readonly lane: string;
  readonly log: LaneLog;
  readonly partition: string;
  readonly from: number;
  readonly to: number;
}

/** Messages of one partition that follow each other. */
export interface Stretch {
  readonly lane: string;
  readonly range: OffsetRange;
  readonly messages: readonly LogMessage[];
}

/** What a store takes at once. */
const stretchMax = 500;
/** How far one partition's time may run ahead of the others within a stretch: a bucket of a store's ids. */
const aheadMaxMs = 65_536;

interface Head {
  readonly part: LogPart;
  readonly read: AsyncIterator<readonly LogMessage[]>;
  /** What was read and not yet handed over, from `index` on. */
  list: readonly LogMessage[];
  index: number;
  /** The offset that comes next. */
  at: number;
}

/**
 * Reads parts of logs side by side, always on where the next event is oldest, so that a fold meets events about in the order
 * of their times: a partition that was ahead of the others would make theirs late. Every offset is covered once; offsets
 * without a message are told as a hole. One answer of each partition's broker is in memory at a time.
 */
export async function* mergeLogs(parts: readonly LogPart[]): AsyncIterable<Stretch> {
  const heads = parts.map((part): Head => {
    const read = part.log.read(part.partition, part.from, part.to)[Symbol.asyncIterator]();
    return { part, read, list: [], index: 0, at: part.from };
  });
  try {
    for (const head of heads) await fill(head);
    for (;;) {
      const [oldest, next] = heads.filter(isOpen).sort((one, two) => timeOf(one) - timeOf(two));
      if (oldest === undefined) return;
      yield take(oldest, next === undefined ? Number.POSITIVE_INFINITY : timeOf(next));
      await fill(oldest);
    }
  } finally {
    for (const { read } of heads) await read.return?.();
  }
}

async function fill(head: Head): Promise<void> {
  while (head.index >= head.list.length) {
    const read = await head.read.next();
    if (read.done === true) return;
    head.list = read.value;
    head.index = 0;
  }
}

const isOpen = ({ at, part }: Head) => at < part.to;

/** What has no messages any more goes first. */
function timeOf({ list, index }: Head): number {
  const message = list[index];
  return message === undefined ? 0 : messageTimeMs(message);
}

function messageTimeMs({ id, timestampMs }: LogMessage): number {
  return id === undefined ? (timestampMs ?? 0) : eventTimeMs(id);
}

function take(head: Head, nextMs: number): Stretch {
  const { lane, partition, to: end } = head.part;
  const limitMs = nextMs + aheadMaxMs;
  const some = head.list.slice(head.index, head.index + stretchMax);
  const beyond = some.findIndex((message, i) => i > 0 && messageTimeMs(message) > limitMs);
  const messages = beyond < 0 ? some : some.slice(0, beyond);
  const last = messages.at(-1);
  const from = head.at;
  const to = last === undefined ? end : last.offset + 1;
  head.index += messages.length;
  head.at = to;
  const gap = to - from > messages.length ? ({ gap: "hole" } as const) : {};
  return { lane, range: { partition, from, to, ...gap }, messages };
}
