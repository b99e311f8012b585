/** How a check ended. */
export interface Outcome {
  readonly chart: string;
  readonly check: string;
  /** What was measured, why it failed, or what the chart lacks. */
  readonly figures: string;
  readonly result: "ok" | "FAILED" | "lacks it";
  readonly tookMs: number;
}

/** The outcomes as a table; the last line counts them. */
export function tableLines(outcomes: readonly Outcome[]): readonly string[] {
  const rows = outcomes.map(({ chart, check, figures, result, tookMs }) => [
    chart,
    check,
    result,
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
  const count = (wanted: Outcome["result"]) =>
    outcomes.filter(({ result }) => result === wanted).length;
  return [...all.map(line), `${count("ok")} passed, ${count("FAILED")} failed`];
}
