/** One row of a table: its cells by their headings. */
export type Row = Readonly<Record<string, string | number>>;

/** Rows as a Markdown table under a heading; the first row's keys are the headings. */
export function table(heading: string, rows: readonly Row[]): string {
  const names = Object.keys(rows[0] ?? {});
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [
    `## ${heading}`,
    "",
    line(names),
    line(names.map(() => "---")),
    ...rows.map((row) => line(names.map((name) => row[name] ?? ""))),
    "",
  ].join("\n");
}
