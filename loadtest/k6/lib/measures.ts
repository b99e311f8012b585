import { Counter, Gauge, Trend } from "k6/metrics";
import { boundsMs } from "../../latency.ts";

/** What becomes of a request, by its status. */
export const failureKinds = ["refused", "overloaded", "unavailable", "no_answer"] as const;

/** One of `failureKinds`. */
export type FailureKind = (typeof failureKinds)[number];

/** The name of the counter of a row of the distribution; the last row's is that of everything slower. */
export function rowName(row: number): string {
  const bound = boundsMs[row];
  return bound === undefined ? "replies_slower" : `replies_within_${Math.round(bound * 1_000)}_us`;
}

/** The metrics of a run beside those of k6 itself. */
export function createMeasures() {
  return {
    begun: new Counter("begun"),
    acknowledged: new Counter("acknowledged"),
    /** One up for each acknowledgement, at the end down by what was stored: 0 where they are the same. */
    acknowledgedMinusStored: new Counter("acknowledged_minus_stored"),
    replyTime: new Trend("reply_time", true),
    rows: Array.from({ length: boundsMs.length + 1 }, (_, row) => new Counter(rowName(row))),
    failures: new Map(failureKinds.map((kind) => [kind, new Counter(kind)])),
    stored: new Gauge("stored"),
    duplicates: new Gauge("duplicates"),
    deadLettered: new Gauge("dead_lettered"),
    inFlight: new Gauge("in_flight"),
  };
}

/** The kind of failure that a status stands for; 0 is that no answer came. */
export function failureKind(status: number): FailureKind {
  if (status === 0) return "no_answer";
  if (status === 429) return "overloaded";
  return status < 500 ? "refused" : "unavailable";
}
