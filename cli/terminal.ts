/** Where a command writes: a terminal, or a file or pipe. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** What a command has to do with the world. */
export interface Terminal {
  readonly out: Output;
  /** For people: progress and faults. */
  readonly err: Output & NodeJS.WriteStream;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

const codes = { bold: 1, red: 31, green: 32, yellow: 33, dim: 2 } as const;

/** A text in a colour where `output` is a terminal. */
export function coloured(output: Output, colour: keyof typeof codes, text: string): string {
  return output.isTTY ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
}

/** A text in which nothing can move a cursor or end a line: what others wrote is not to be trusted. */
export function plainText(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (each) => JSON.stringify(each).slice(1, -1));
}

/** Rows as columns of their widest cell; the last one is as long as it is. */
export function columnsOf(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
