import { holds, type Row } from "./row.ts";

export const headings = [
  "part",
  "place",
  "sent",
  "taken",
  "refused",
  "neither",
  "a second",
  "findings",
] as const;

/** The cells of a row, in the order of `headings`. */
export function cellsOf({ part, place, sent, taken, refused, other, tookMs, found }: Row) {
  const counts =
    sent === 0 ? ["", "", "", "", ""] : [sent, taken, refused, other, speed(sent, tookMs)];
  return [part, place, ...counts, found].map(String);
}

function speed(sent: number, tookMs: number): number {
  return Math.round((sent * 1_000) / Math.max(1, tookMs));
}

/** The rows as a table; the last line counts them. */
export function tableLines(rows: readonly Row[]): readonly string[] {
  const cells = [[...headings], ...rows.map(cellsOf)];
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
