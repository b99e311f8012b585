import type { LaneReport, Ledger } from "../../../../../lib/ledger/ledger.ts";
import type { AsideReason } from "../../../../../lib/store/store.ts";

/** What became of a delivery; `setAside` where the board does not tell for which reason. */
export type Outcome =
  | "applied"
  | "duplicates"
  | "inFlight"
  | "setAside"
  | "undelivered"
  | AsideReason;

/** An outcome's counts, one for each lane in the ledger's order. */
export interface OutcomeCounts {
  readonly outcome: Outcome;
  readonly counts: readonly number[];
}

const reasons = ["undecodable", "refused", "late", "conflict", "undelivered"] as const;

/** What became of all deliveries. Reasons for setting aside are told apart where the board does so. */
export function outcomesOf({ lanes }: Ledger): readonly OutcomeCounts[] {
  const flows = Object.values(lanes);
  const row = (outcome: Outcome, of: (flow: LaneReport) => number) => ({
    outcome,
    counts: flows.map(of),
  });
  const told = flows.filter(({ deadLettered }) => deadLettered > 0).every(({ aside }) => aside);
  const apart = reasons
    .map((reason) => row(reason, ({ aside }) => aside?.[reason] ?? 0))
    .filter(({ counts }) => counts.some((count) => count > 0));
  return [
    row("applied", ({ applied }) => applied),
    row("duplicates", ({ duplicates }) => duplicates),
    ...(told && apart.length > 0 ? apart : [row("setAside", ({ deadLettered }) => deadLettered)]),
    row("inFlight", ({ inFlight }) => inFlight),
  ];
}
