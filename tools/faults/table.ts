import type { Checked } from "./check-invariants.ts";
import type { FaultOutcome } from "./run-fault.ts";

/** A fault that could not be done or looked at. */
export interface Broken {
  readonly numbers: readonly number[];
  readonly name: string;
  readonly title: string;
  readonly target: string;
  readonly error: string;
}

/** How a fault ended. */
export type Row = FaultOutcome | Broken;

/** Whether everything holds that was looked at. */
export function holds(row: Row): boolean {
  if ("error" in row) return false;
  return row.missed.length === 0 && row.checks.every((each) => each.holds !== false);
}

export const headings = [
  "fault",
  "policy",
  "acked",
  "refused",
  "unknown",
  "effects",
  "duplicates suppressed",
  "recovery",
  "p99 during",
  "invariants",
] as const;

/** The cells of a row, in the order of `headings`. */
export function cellsOf(row: Row): readonly string[] {
  const fault = `${row.numbers.join(", ")} ${row.title}`;
  if ("error" in row) return [fault, row.target, "", "", "", "", "", "", "", "NOT RUN"];
  return [
    fault,
    row.target,
    `${row.acked}`,
    `${row.refused}`,
    `${row.unknown}`,
    `${row.effects}`,
    `${row.duplicates}`,
    row.recoveryMs === undefined ? "–" : seconds(row.recoveryMs),
    `${Math.round(row.p99Ms)} ms`,
    invariantsOf(row),
  ];
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

/** The numbers of the invariants that hold, `–` for each that does not apply, and loudly those that do not hold. */
function invariantsOf({ checks, missed }: FaultOutcome): string {
  const marks = checks.map(({ invariant, holds: held }) =>
    held === undefined ? "–" : held ? invariant.slice(1) : `✗${invariant}`,
  );
  return [...marks, ...(missed.length > 0 ? ["✗expected"] : [])].join(" ");
}

/** The rows as a table; the last line counts them. */
export function tableLines(rows: readonly Row[]): readonly string[] {
  const cells = [headings, ...rows.map(cellsOf)];
  const widths = headings.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const passed = rows.filter(holds).length;
  return [...cells.map(line), `${passed} passed, ${rows.length - passed} failed`];
}

/** Everything about a row that does not hold, in sentences. */
export function faultsOf(row: Row): readonly string[] {
  if ("error" in row) return [row.error];
  const broken = row.checks.filter((each): each is Checked => each.holds === false);
  return [...broken.map(({ invariant, seen }) => `${invariant}: ${seen}`), ...row.missed];
}
