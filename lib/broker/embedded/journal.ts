import { Database } from "bun:sqlite";
import { parseEventId } from "../../event/event-id.ts";
import { notStored } from "../batch-slot.ts";
import { deadLetterBounds } from "../dead-letter-lane.ts";
import type { BrokerMessage, DeliveredMessage } from "../message.ts";
import type { PublishResult } from "../publisher.ts";
import { toError } from "../tell-changes.ts";
import { closeLane, type Lane, openLane, type Row, settledOffset } from "./lane.ts";
import { type LetterBounds, lettersKept } from "./letters-kept.ts";

/** What a journal is told. */
export interface JournalOptions {
  /** The SQLite file, or `:memory:`. */
  readonly file: string;
  /** Settled messages kept behind the slowest handler, for a store that comes back older. @default 100000 */
  readonly retainMax?: number | undefined;
  /** Unsettled messages a lane takes; beyond it answers `overloaded`. @default 1000000 */
  readonly backlogMax?: number | undefined;
  /** What a lane of dead letters keeps; it has no backlog. @default `deadLetterBounds` */
  readonly letters?: LetterBounds | undefined;
}

/** The lanes of one file. */
export interface Journal {
  lane(name: string): Lane;
  /** Appends in one transaction with everything else of this turn of the event loop; resolves after its commit. */
  append(lane: Lane, messages: readonly BrokerMessage[]): Promise<readonly PublishResult[]>;
  /** Up to `max` messages from `offset` on. */
  read(lane: Lane, offset: number, max: number): readonly DeliveredMessage[];
  /** Commits what waits and closes the file. */
  close(): void;
}

interface Append {
  readonly lane: Lane;
  readonly messages: readonly BrokerMessage[];
  resolve(results: readonly PublishResult[]): void;
}

/** Messages deleted in one commit beside as many as were appended, so that trimming catches up without a pause. */
const trimStep = 1_000;

function open(file: string): Database {
  try {
    const db = new Database(file, { create: true, strict: true });
    // One process owns the file: two would hand out the same offsets.
    db.run("PRAGMA locking_mode = EXCLUSIVE");
    db.run("PRAGMA journal_mode = WAL");
    // A commit is on the disk when it returns; NORMAL would lose the last ones with the machine's power.
    db.run("PRAGMA synchronous = FULL");
    return db;
  } catch (error) {
    const why = toError(error).message;
    const wayOut = "if another process has it open, end that one or choose another folder";
    throw new Error(`Cannot open the embedded broker in ${file}: ${why}: ${wayOut}`, {
      cause: error,
    });
  }
}

function insert({ lane, messages }: Append, from: number, nowMs: number): void {
  messages.forEach(({ id, headers, body }, i) => {
    const text = Object.keys(headers).length === 0 ? null : JSON.stringify(headers);
    lane.statements.insert.run(from + i, id, nowMs, text, body);
  });
}

function delivered({ offset, id, at, headers, body }: Row): DeliveredMessage {
  return {
    id: id === null ? undefined : parseEventId(id),
    body,
    headers: headers === null ? {} : JSON.parse(headers),
    timestampMs: at,
    offset,
    redelivered: false,
  };
}

function bytesOf(messages: readonly BrokerMessage[]): number {
  return messages.reduce((sum, { body }) => sum + body.byteLength, 0);
}

/** Where each lane stands after a transaction, taken over only when it is committed. */
type Standing = Map<Lane, Pick<Lane, "first" | "next" | "settled" | "bytes">>;

function write(appends: readonly Append[], retainMax: number, bounds: LetterBounds): Standing {
  const standing: Standing = new Map();
  const nowMs = Date.now();
  for (const append of appends) {
    const { lane, messages } = append;
    const { first, next, bytes } = standing.get(lane) ?? lane;
    insert(append, next, nowMs);
    standing.set(lane, {
      first,
      next: next + messages.length,
      settled: settledOffset(lane),
      bytes: bytes === undefined ? undefined : bytes + bytesOf(messages),
    });
  }
  for (const [lane, { first, next, settled, bytes }] of standing) {
    const step = trimStep + next - lane.next;
    const kept =
      bytes === undefined
        ? { first: Math.max(first, Math.min(settled - retainMax, first + step)), settled, bytes }
        : lettersKept(lane, { first, next, bytes }, bounds, nowMs);
    if (kept.first > first) lane.statements.trim.run(kept.first);
    lane.statements.save.run(kept.first, next, kept.settled, lane.number);
    standing.set(lane, { ...kept, next });
  }
  return standing;
}

/** Opens the journal in `file`; throws where it cannot, above all when another process has it. */
export function openJournal({
  file,
  retainMax = 100_000,
  backlogMax = 1_000_000,
  letters = deadLetterBounds,
}: JournalOptions): Journal {
  const db = open(file);
  const lanes = new Map<string, Lane>();
  let appends: Append[] = [];
  let closed = false;
  const transaction = db.transaction(() => write(appends, retainMax, letters));
  const commit = () => {
    if (appends.length === 0) return;
    try {
      for (const [lane, standing] of transaction.immediate()) {
        Object.assign(lane, standing);
        for (const reader of lane.readers) reader.wake();
      }
      for (const { messages, resolve } of appends) resolve(messages.map(() => ({ stored: true })));
    } catch (error) {
      const failure = notStored("unavailable", toError(error).message, error);
      for (const { messages, resolve } of appends) resolve(messages.map(() => failure));
    }
    appends = [];
  };
  return {
    lane(name) {
      const lane = lanes.get(name) ?? openLane(db, name);
      lanes.set(name, lane);
      return lane;
    },
    append(lane, messages) {
      const backlog = lane.bytes === undefined ? lane.next - settledOffset(lane) : 0;
      if (closed || backlog + messages.length > backlogMax) {
        const refused = closed
          ? notStored("unavailable", "the embedded broker is closed")
          : notStored("overloaded", `lane ${lane.name} is full: current value is ${backlog}`);
        return Promise.resolve(messages.map(() => refused));
      }
      if (appends.length === 0) setImmediate(commit);
      return new Promise((resolve) => appends.push({ lane, messages, resolve }));
    },
    read: (lane, offset, max) =>
      closed ? [] : lane.statements.read.all(offset, max).map(delivered),
    close() {
      if (closed) return;
      commit();
      closed = true;
      for (const lane of lanes.values()) closeLane(lane);
      db.close(true);
    },
  };
}
