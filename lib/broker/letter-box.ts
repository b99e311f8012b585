import type { EventId } from "../event/event-id.ts";
import type { DeadLetters, LetterQuery, Settlement, WaitingLetter } from "./dead-letters.ts";
import { type LetterIndex, letterIndex } from "./letter-index.ts";
import type { LetterLog } from "./letter-log.ts";
import { markMessage } from "./letter-mark.ts";

/** Letters that are held to be put in order. */
const batchMax = 100;
/** Offsets that are read although they are not wanted, rather than asked for anew. */
const gapMax = 200;

interface Wanted {
  readonly id: EventId;
  readonly partition: string;
  readonly offset: number;
  readonly atMs: number;
  readonly copies: WaitingLetter["copies"];
}

/**
 * The dead letters in a log: a letter waits until a mark behind it says that it is settled. What waits is known by an
 * index that is folded from the log once and then follows it. Disposing disposes the log.
 */
export function letterBox(log: LetterLog): DeadLetters {
  const indexes = new Map<string, LetterIndex>();
  let refreshing: Promise<void> = Promise.resolve();
  const refresh = () => {
    // One after the other, whether or not the last one failed: each goes on where that one came to.
    refreshing = refreshing.catch(() => {}).then(() => follow(log, indexes));
    return refreshing;
  };
  return {
    async tally() {
      await refresh();
      const all = [...indexes.values()];
      return {
        waiting: countOf(all),
        moved: all.reduce((sum, { moved }) => sum + moved, 0),
        redriven: all.reduce((sum, { redriven }) => sum + redriven, 0),
      };
    },
    async *read(query) {
      await refresh();
      const wanted = wantedOf(indexes, query);
      // From one partition they come in its order, as many at once as the log hands over.
      const inOrder = query.first === "oldest" && indexes.size === 1;
      const batch = inOrder ? wanted.length : batchMax;
      const readThem = inOrder ? readThrough : readBatch;
      for (let from = 0; from < wanted.length; from += batch) {
        yield* readThem(log, wanted.slice(from, from + batch));
      }
    },
    async settle(settlements) {
      for (const [partition, of] of marksOf(settlements)) {
        await log.append(
          partition,
          of.map(({ message }) => message),
        );
        for (const { id, to } of of) indexes.get(partition)?.take(id, to);
      }
    },
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  };
}

/** Folds what the log has and the indexes have not. */
async function follow(log: LetterLog, indexes: Map<string, LetterIndex>): Promise<void> {
  const ranges = await log.ranges();
  for (const partition of indexes.keys()) if (!ranges.has(partition)) indexes.delete(partition);
  for (const [partition, { start, end }] of ranges) {
    let index = indexes.get(partition);
    // A log that is shorter than it was is another one.
    if (index === undefined || index.position > Math.max(start, end)) {
      index = letterIndex(partition);
      indexes.set(partition, index);
    }
    index.cut(start);
    if (index.position >= end) continue;
    for await (const messages of log.read(partition, index.position, end)) {
      const last = messages.at(-1);
      if (last !== undefined) index.fold(messages, last.offset + 1);
    }
    index.fold([], end);
  }
}

function countOf(indexes: readonly LetterIndex[]): number {
  const [only, ...more] = indexes.filter(({ waiting }) => waiting.size > 0);
  if (only === undefined || more.length === 0) return only?.waiting.size ?? 0;
  return new Set([only, ...more].flatMap(({ waiting }) => [...waiting.keys()])).size;
}

/** What waits, each id once, in the order that is asked for. */
function wantedOf(
  indexes: ReadonlyMap<string, LetterIndex>,
  { first, ids }: LetterQuery,
): readonly Wanted[] {
  const found = new Map<EventId, Wanted>();
  for (const [partition, { waiting }] of indexes) {
    for (const [id, { offset, atMs }] of waiting) {
      if (ids !== undefined && !ids.has(id)) continue;
      const here = { partition, offset };
      const other = found.get(id);
      const copies = other?.copies ?? [];
      if (other !== undefined && other.atMs > atMs) {
        found.set(id, { ...other, copies: [...copies, here] });
      } else found.set(id, { ...here, id, atMs, copies: [here, ...copies] });
    }
  }
  const wanted = [...found.values()];
  // Of one partition they stand in order; the broker's clock decides between several.
  if (indexes.size > 1) wanted.sort((a, b) => a.atMs - b.atMs);
  return first === "oldest" ? wanted : wanted.reverse();
}

/** Reads letters as the log has them; what it dropped meanwhile is left out. */
async function* readThrough(
  log: LetterLog,
  wanted: readonly Wanted[],
): AsyncIterable<WaitingLetter> {
  for (const [partition, of] of Map.groupBy(wanted, (each) => each.partition)) {
    const byOffset = new Map(of.map((each) => [each.offset, each]));
    for (const [from, to] of stretches([...byOffset.keys()])) {
      for await (const messages of log.read(partition, from, to)) {
        for (const message of messages) {
          const found = byOffset.get(message.offset);
          if (found !== undefined) yield { id: found.id, message, copies: found.copies };
        }
      }
    }
  }
}

/** The same in the order that they are wanted in; all of them are held at once. */
async function* readBatch(log: LetterLog, wanted: readonly Wanted[]): AsyncIterable<WaitingLetter> {
  const letters = new Map<EventId, WaitingLetter>();
  for await (const letter of readThrough(log, wanted)) letters.set(letter.id, letter);
  for (const { id } of wanted) {
    const letter = letters.get(id);
    if (letter !== undefined) yield letter;
  }
}

/** Offsets as stretches to read, those near each other together. */
function stretches(offsets: readonly number[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const offset of offsets.toSorted((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && offset - last[1] <= gapMax) last[1] = offset + 1;
    else found.push([offset, offset + 1]);
  }
  return found;
}

/** The marks by partition, in the order of the settlements; what replaces a letter stands where its newest copy does. */
function marksOf(settlements: readonly Settlement[]) {
  const marks = settlements.flatMap((settlement) =>
    settlement.letter.copies.map(({ partition, offset }, index) => {
      const { letter } = settlement;
      const as: Settlement = index === 0 ? settlement : { letter, as: "dropped" };
      return { partition, id: letter.id, to: offset, message: markMessage(as, offset) };
    }),
  );
  return Map.groupBy(marks, ({ partition }) => partition);
}
