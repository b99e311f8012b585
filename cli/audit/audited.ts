import type { Ledger } from "../../lib/ledger/ledger.ts";

/** What was found of one pipeline at one moment. */
export interface Audited {
  readonly pipeline: string;
  /** Null where the store does not answer. */
  readonly ledger: Ledger | null;
  /** How many dead letters wait, by lane; null where the broker does not answer. */
  readonly waiting: Readonly<Record<string, number | null>>;
  /** How many offsets the pipeline's log is behind; null where it does not answer, undefined where there is none. */
  readonly logBehind?: number | null;
}

/** Everything because of which a pipeline's ledger is not closed, each in a sentence; none where it is. */
export function differencesOf({ ledger, logBehind }: Audited): readonly string[] {
  if (ledger === null) return ["the store does not answer"];
  const lanes = Object.entries(ledger.lanes).flatMap(([lane, report]) => {
    const { fault, difference = 0, inFlight, closes } = report;
    if (fault !== undefined) return [`${lane}: the broker does not answer: ${fault}`];
    return [
      ...(difference > 0 ? [`${lane}: ${difference} counted that the lane never had`] : []),
      ...(difference < 0 ? [`${lane}: ${-difference} passed without being counted`] : []),
      ...(!closes && difference === 0 ? [`${lane}: its sum does not hold`] : []),
      ...(inFlight > 0 ? [`${lane}: ${inFlight} still in flight`] : []),
    ];
  });
  if (logBehind === null) return [...lanes, "the log does not answer"];
  return logBehind === undefined || logBehind === 0
    ? lanes
    : [...lanes, `the log is ${logBehind} behind`];
}

/** What is not proven although nothing speaks against it. */
export function doubtsOf({ ledger }: Audited): readonly string[] {
  const unproven = Object.entries(ledger?.lanes ?? {}).filter(
    ([, { proven, fault }]) => !proven && fault === undefined,
  );
  return unproven.map(
    ([lane]) =>
      `${lane}: what was published is not proven: a relay's count is not known or began anew`,
  );
}
