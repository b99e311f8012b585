import type { EventId } from "../../event/event-id.ts";
import type { KeyQuery } from "../../pipeline/key-query.ts";
import type { Operation } from "../../pipeline/operation.ts";
import type { AsideReason, FoldBatch, FoldEvent } from "../store.ts";
import { eventOf } from "./fold-events.ts";
import type { Random } from "./random.ts";

/** Long over, or far from it: no key may expire between one driver's call and the other's. */
const livesMs = [1_000, 36_000_000];
const reasons: readonly AsideReason[] = ["undecodable", "refused", "late", "conflict"];
const names = ["a", "b", "c", "ñ", "__proto__"];

/** Every key that random operations touch. */
export const randomKeys: readonly KeyQuery[] = names.flatMap((name): KeyQuery[] => [
  { key: `counter:${name}`, kind: "value" },
  { key: `stats:${name}`, kind: "hash" },
  { key: `record:${name}`, kind: "hash" },
  { key: `brief:${name}`, kind: "hash" },
  { key: `value:${name}`, kind: "value" },
  { key: `fleeting:${name}`, kind: "value" },
  { key: `stream:${name}`, kind: "stream" },
  { key: `list:${name}`, kind: "list" },
  { key: `kept:${name}`, kind: "list" },
]);

/** Batches of two lanes with everything that can go wrong in them, each made when the one before is settled. */
export interface RandomBatches {
  /** The next batch, given where the partitions stand. */
  next(cursors: ReadonlyMap<string, number>): FoldBatch;
  /** Every id that was made. */
  readonly ids: readonly EventId[];
}

/** Batches that depend on `random` and `startMs` alone; events happen about then and in the hour after. */
export function randomBatches(random: Random, startMs: number): RandomBatches {
  const known: FoldEvent[] = [];
  let nowMs = startMs;

  const idAt = (atMs: number) => {
    const hex = Math.floor(atMs).toString(16).padStart(12, "0");
    const tail = Array.from({ length: 17 }, () => random.below(16).toString(16)).join("");
    const id = `${hex.slice(0, 8)}-${hex.slice(8)}-7${tail.slice(0, 3)}-8${tail.slice(3, 6)}`;
    return `${id}-${tail.slice(5)}` as EventId;
  };
  const fresh = (): FoldEvent => {
    nowMs += random.chance(0.3) ? 700 : 3;
    const atMs = nowMs - (random.chance(0.1) ? random.below(2_000_000) : random.below(100_000));
    const operations = Array.from({ length: random.below(6) }, () => operation(random));
    const event = eventOf(operations, { id: idAt(atMs), fingerprint: random.below(2 ** 32) });
    known.push(event);
    return event;
  };
  const any = (batch: readonly FoldEvent[]): FoldEvent => {
    const dice = random.below(100);
    if (dice < 20 && known.length > 0) return random.pick(known);
    if (dice < 25 && batch.length > 0) return random.pick(batch);
    const event = dice < 30 && known.length > 0 ? random.pick(known) : fresh();
    if (dice < 27) return { ...event, fingerprint: random.below(2 ** 32) };
    return dice < 33 ? { ...event, setAside: random.pick(reasons) } : event;
  };
  return {
    get ids() {
      return known.map(({ id }) => id);
    },
    next(cursors) {
      const events: FoldEvent[] = [];
      const size = random.below(60);
      while (events.length < size) events.push(any(events));
      const counts = { redelivered: random.below(3), unidentified: random.below(2) };
      if (random.chance(0.5)) return { lane: "rabbit", range: undefined, events, ...counts };
      return { ...ranged(random, cursors, events), ...counts };
    },
  };
}

/** At the cursor, ahead of it, overlapping it or behind it; some with a gap. */
function ranged(
  random: Random,
  cursors: ReadonlyMap<string, number>,
  events: readonly FoldEvent[],
): Pick<FoldBatch, "lane" | "range" | "events"> {
  const partition = `topic/${random.below(2)}`;
  const cursor = cursors.get(partition) ?? 0;
  const dice = random.below(10);
  const shift = dice < 1 ? 1 + random.below(5) : dice < 3 ? -random.below(40) : 0;
  const from = Math.max(0, cursor + shift);
  const gap = random.chance(0.2) ? random.pick(["hole", "lost"] as const) : undefined;
  let offset = from;
  const placed = events.map((event) => {
    if (gap !== undefined) offset += random.below(3);
    return { ...event, offset: offset++ };
  });
  const to = offset + (gap === undefined ? 0 : random.below(4));
  const range = { partition, from, to, ...(gap && { gap }) };
  return { lane: "kafka", range, events: placed };
}

function operation(random: Random): Operation {
  const name = random.pick(names);
  const value = random.below(2_000) - 1_000;
  const field = random.pick(names);
  switch (random.below(14)) {
    case 0:
      return { op: "count", key: `counter:${name}` };
    case 1:
      return { op: "countField", key: `stats:${name}`, field: `n:${field}` };
    case 2:
      return { op: "sum", key: `stats:${name}`, field: `sum:${field}`, value };
    case 3:
      return { op: "min", key: `stats:${name}`, field: "min", value };
    case 4:
      return { op: "max", key: `stats:${name}`, field: "max", value };
    case 5:
      return { op: "setHash", key: `record:${name}`, fields: { name, value, [field]: value } };
    case 6:
      return { op: "setHash", key: `record:${name}`, fields: { [field]: value } };
    case 7:
      return {
        op: "setHash",
        key: `brief:${name}`,
        fields: { name, value },
        ttlMs: random.pick(livesMs),
      };
    case 8:
      return { op: "setValue", key: `value:${name}`, value: `${value}` };
    case 9:
      return {
        op: "setValue",
        key: `fleeting:${name}`,
        value: `${value}`,
        ttlMs: random.pick(livesMs),
      };
    case 10:
      return { op: "append", key: `stream:${name}`, fields: { name, value }, maxLength: 50 };
    case 11:
      return { op: "push", key: `list:${name}`, value, maxLength: 20 };
    case 12:
      return {
        op: "push",
        key: `kept:${name}`,
        value: name,
        maxLength: 20,
        ttlMs: random.pick(livesMs),
      };
    // Now and then what cannot be: a counter that is a value, a sum that overflows.
    default:
      return random.chance(0.9)
        ? { op: "count", key: `counter:${name}` }
        : random.pick<Operation>([
            { op: "count", key: `record:${name}` },
            { op: "sum", key: `stats:${name}`, field: "min", value: Number.MAX_SAFE_INTEGER },
            { op: "setValue", key: `counter:${name}`, value: "many" },
          ]);
  }
}
