import type { OffsetRange } from "../broker/subscriber.ts";
import { type EventId, eventTimeMs } from "../event/event-id.ts";
import type { LogRecord } from "../pipeline/log-form.ts";
import { recordFault, storedRecord } from "./log-record.ts";
import type { FoldBatch, FoldEvent, FoldResult, Verdict } from "./store.ts";

/** What a log is to write for one event. */
export interface LogWrite {
  /** The event's index in the batch. */
  readonly event: number;
  readonly id: EventId;
  /** The time of the id: milliseconds since the Unix epoch. */
  readonly dateMs: number;
  readonly record: LogRecord;
}

/** What came of a write: the verdict, or why the log does not take it. */
export type Written =
  | Extract<Verdict, "applied" | "duplicate" | "conflict">
  | { readonly refused: string };

/** A batch as a log takes it. */
export interface LogPlan {
  readonly writes: readonly LogWrite[];
  /** The answer to the batch, once it is known what came of each write, in their order. */
  answer(written: readonly Written[]): FoldResult;
}

/** The answer to a range that does not reach the cursor or does not begin there; undefined to one that can be written. */
export function outOfReach(range: OffsetRange | undefined, cursor: number): FoldResult | undefined {
  if (range === undefined) return undefined;
  if (range.from > cursor) return { status: "ahead", cursor };
  return range.to <= cursor ? { status: "behind", cursor } : undefined;
}

/** What to write of a batch whose partition stands at `cursor` (0 where it has none). */
export function planLog(batch: FoldBatch, cursor: number): LogPlan {
  const fates = batch.events.map((event, index) => fateOf(event, index, cursor));
  const writes = fates.filter(isWrite);
  return {
    writes,
    answer(written) {
      const next = written.values();
      const all = fates.map((fate): Written | Verdict =>
        isWrite(fate) ? (next.next().value ?? { refused: "nothing came of it" }) : fate,
      );
      return resultOf(all, batch.range);
    },
  };
}

type Fate = LogWrite | Written | Verdict;

function isWrite(fate: Fate): fate is LogWrite {
  return typeof fate === "object" && "id" in fate;
}

function fateOf({ id, offset, record, setAside }: FoldEvent, event: number, cursor: number): Fate {
  if (offset !== undefined && offset < cursor) return "skipped";
  if (setAside !== undefined) return "setAside";
  const refused = recordFault(record);
  if (record === undefined || refused !== undefined) return { refused: refused ?? "" };
  return { event, id, dateMs: eventTimeMs(id), record: storedRecord(record) };
}

function resultOf(all: readonly (Written | Verdict)[], range: OffsetRange | undefined): FoldResult {
  const refused = all.flatMap((each, event) =>
    typeof each === "object" ? [{ event, why: each.refused }] : [],
  );
  const [first] = refused;
  if (first !== undefined) {
    const more = refused.length > 1 ? ` (and ${refused.length - 1} more)` : "";
    return {
      status: "refused",
      events: refused.map(({ event }) => event),
      reason: `${first.why}${more}`,
    };
  }
  const verdicts = all.filter((each) => typeof each === "string");
  if (verdicts.includes("conflict")) return { status: "unsettled", verdicts };
  return { status: "applied", verdicts, cursor: range?.to };
}
