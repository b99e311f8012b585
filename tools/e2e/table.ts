/** How a check ended. */
export interface Outcome {
  readonly chart: string;
  readonly check: string;
  /** What was measured, or why it failed. */
  readonly figures: string;
  readonly failed: boolean;
  readonly tookMs: number;
}

/** The outcomes as a table; the last line counts them. */
export function tableLines(outcomes: readonly Outcome[]): readonly string[] {
  const rows = outcomes.map(({ chart, check, figures, failed, tookMs }) => [
    chart,
    check,
    failed ? "FAILED" : "ok",
    `${(tookMs / 1_000).toFixed(1)} s`,
    // The reasons of a failure stand above, in full.
    figures.split("\n")[0] ?? "",
  ]);
  const all = [["chart", "check", "result", "took", "figures"], ...rows];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const failed = outcomes.filter((each) => each.failed).length;
  return [...all.map(line), `${outcomes.length - failed} passed, ${failed} failed`];
}
