import { type DeadLetterReader, eachOnce } from "../dead-letter-reader.ts";
import type { Journal } from "./journal.ts";
import { type Lane, settledOffset } from "./lane.ts";

/** Reads the table of a lane that holds dead letters; disposing leaves the broker open. */
export function embeddedDeadLetters(journal: Journal, lane: Lane): DeadLetterReader {
  return {
    async newest(limit) {
      const from = Math.max(lane.first, lane.next - limit);
      return eachOnce(journal.read(lane, from, limit).toReversed(), limit);
    },
    waiting: async () => lane.next - Math.max(lane.first, settledOffset(lane)),
    async [Symbol.asyncDispose]() {},
  };
}
