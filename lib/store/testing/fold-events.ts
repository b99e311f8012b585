import { type EventId, newEventId } from "../../event/event-id.ts";
import type { Operation } from "../../pipeline/operation.ts";
import type { AsideReason, FoldBatch, FoldEvent, Verdict } from "../store.ts";

/** An event of these operations; what is left out does not matter to the test. */
export function eventOf(
  operations: readonly Operation[],
  given: Partial<Pick<FoldEvent, "id" | "fingerprint" | "offset" | "record" | "setAside">> = {},
): FoldEvent {
  return {
    id: newEventId(),
    fingerprint: 1,
    offset: undefined,
    record: undefined,
    setAside: undefined,
    operations,
    ...given,
  };
}

/** An event that counts itself in `total`. */
export function tick(given: Parameters<typeof eventOf>[1] = {}): FoldEvent {
  return eventOf([{ op: "count", key: "total" }], given);
}

/** Some events that count themselves. */
export function ticks(count: number): FoldEvent[] {
  return Array.from({ length: count }, () => tick());
}

/** An id of an event that happened at this time. */
export function idAt(atMs: number): EventId {
  return newEventId(atMs);
}

/** A batch of a lane without offsets. */
export function laneBatch(lane: string, events: readonly FoldEvent[]): FoldBatch {
  return { lane, range: undefined, events, redelivered: 0, unidentified: 0 };
}

/** A batch of a partition without gaps, its events at `from` and on. */
export function rangeBatch(
  from: number,
  events: readonly FoldEvent[],
  { lane = "kafka", partition = "topic/0" } = {},
): FoldBatch {
  return {
    ...laneBatch(
      lane,
      events.map((event, i) => ({ ...event, offset: from + i })),
    ),
    range: { partition, from, to: from + events.length },
  };
}

/** The same batch, with its event at `index` set aside. */
export function withAside(batch: FoldBatch, index: number, setAside: AsideReason): FoldBatch {
  return {
    ...batch,
    events: batch.events.map((event, i) => (i === index ? { ...event, setAside } : event)),
  };
}

/** One verdict, as often as this. */
export function times(count: number, verdict: Verdict): Verdict[] {
  return Array.from({ length: count }, () => verdict);
}
