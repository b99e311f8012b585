import type { LetterLog, LogMessage } from "../letter-log.ts";
import type { Journal } from "./journal.ts";
import type { Lane } from "./lane.ts";

const batchMax = 500;

/** The log of a lane that holds dead letters; disposing leaves the broker open. */
export function embeddedLetterLog(journal: Journal, lane: Lane): LetterLog {
  return {
    ranges: async () => new Map([[lane.partition, { start: lane.first, end: lane.next }]]),
    async *read(_partition, from, to) {
      for (let at = Math.max(from, lane.first); at < to; ) {
        const messages = journal.read(lane, at, Math.min(batchMax, to - at));
        const last = messages.at(-1)?.offset;
        if (last === undefined) return;
        yield messages.filter(isPlaced);
        at = last + 1;
      }
    },
    async append(_partition, messages) {
      for (const result of await journal.append(lane, messages)) {
        if (!result.stored) throw result.error;
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

const isPlaced = (message: object): message is LogMessage =>
  "offset" in message && message.offset !== undefined;
