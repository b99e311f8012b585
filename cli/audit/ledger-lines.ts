import type { LaneReport } from "../../lib/ledger/ledger.ts";
import { coloured, columnsOf, type Output } from "../terminal.ts";
import { type Audited, differencesOf, doubtsOf } from "./audited.ts";

const head = [
  ...["LANE", "PUBLISHED", "APPLIED", "DUPLICATES", "DEAD LETTERED", "IN FLIGHT", "DIFFERENCE"],
  "LETTERS WAITING",
];

/** A pipeline's ledger as a table, with a line for the sum and one for each difference. */
export function ledgerLines(audited: Audited, output: Output): readonly string[] {
  const { ledger, pipeline, waiting } = audited;
  const rows = Object.entries(ledger?.lanes ?? {}).map(([lane, report]) =>
    rowOf(lane, report, waiting[lane]),
  );
  const [first = "", ...lines] = columnsOf([head, ...rows]);
  const differences = differencesOf(audited);
  const verdict =
    differences.length === 0
      ? coloured(output, "green", "closes")
      : coloured(output, "red", "does not close");
  const stored = ledger === null ? "" : `: ${ledger.stored} events stored`;
  return [
    `${coloured(output, "bold", pipeline)} ${verdict}${stored}`,
    ...(rows.length === 0 ? [] : [first, ...lines]),
    ...differences.map((each) => coloured(output, "red", `! ${each}`)),
    ...doubtsOf(audited).map((each) => coloured(output, "yellow", `? ${each}`)),
    "",
  ];
}

function rowOf(lane: string, report: LaneReport, waiting: number | null | undefined) {
  const { published, applied, duplicates, deadLettered, inFlight, difference } = report;
  const numbers = [published, applied, duplicates, deadLettered, inFlight, difference, waiting];
  return [lane, ...numbers.map((each) => `${each ?? "-"}`)];
}
