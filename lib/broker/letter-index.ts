import type { EventId } from "../event/event-id.ts";
import { positionalId } from "../event/positional-id.ts";
import type { LogMessage } from "./letter-log.ts";
import { markOf } from "./letter-mark.ts";

/** Where a letter waits, and since when. */
export interface LetterPlace {
  readonly offset: number;
  /** The broker's time of it, in milliseconds; 0 where it keeps none. */
  readonly atMs: number;
}

/** What waits in one partition of a log: 200 bytes a letter, which the log's own bounds bound. */
export interface LetterIndex {
  /** The next offset to be folded. */
  readonly position: number;
  /** In the log's order. */
  readonly waiting: ReadonlyMap<EventId, LetterPlace>;
  readonly moved: number;
  readonly redriven: number;
  /** Folds messages that follow what was folded before, up to `to`. */
  fold(messages: readonly LogMessage[], to: number): void;
  /** Forgets letters before `start`, which the log does not keep any more. */
  cut(start: number): void;
  /** Takes out a letter whose mark is stored but not folded yet. */
  take(id: EventId, upTo: number): void;
}

/** The id of a message in a log's partition; its position is the identity of one that has none. */
function letterIdOf(partition: string, message: LogMessage): EventId {
  const { id, offset, moved, timestampMs } = message;
  return id ?? positionalId(partition, offset, moved?.atMs ?? timestampMs ?? 0);
}

/** An index in which nothing was folded. */
export function letterIndex(partition: string): LetterIndex {
  const waiting = new Map<EventId, LetterPlace>();
  const counts = { position: 0, moved: 0, redriven: 0 };
  const take = (id: EventId, upTo: number) => {
    const place = waiting.get(id);
    if (place !== undefined && place.offset <= upTo) waiting.delete(id);
  };
  const foldOne = (message: LogMessage) => {
    const mark = markOf(message);
    if (mark !== undefined) {
      take(mark.id, mark.to);
      if (mark.as === "redriven") counts.redriven += 1;
      if (mark.as !== "replaced") return;
    }
    if (message.moved !== undefined) counts.moved += 1;
    const id = letterIdOf(partition, message);
    // A key that is set anew keeps its old place in a map.
    waiting.delete(id);
    waiting.set(id, {
      offset: message.offset,
      atMs: message.moved?.atMs ?? message.timestampMs ?? 0,
    });
  };
  return {
    get position() {
      return counts.position;
    },
    get moved() {
      return counts.moved;
    },
    get redriven() {
      return counts.redriven;
    },
    waiting,
    fold(messages, to) {
      for (const message of messages) if (message.offset >= counts.position) foldOne(message);
      counts.position = Math.max(counts.position, to);
    },
    cut(start) {
      for (const [id, { offset }] of waiting) {
        if (offset >= start) break;
        waiting.delete(id);
      }
      counts.position = Math.max(counts.position, start);
    },
    take,
  };
}
