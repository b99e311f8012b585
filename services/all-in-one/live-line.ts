import type { Ledger } from "../../lib/ledger/ledger.ts";

const everyMs = 1_000;

/** Where the line goes: a terminal's stream. */
export interface Terminal {
  readonly isTTY: boolean;
  write(text: string): unknown;
}

/**
 * Keeps one line of counts current at the foot of a terminal, once a second where they changed; writes nothing where
 * the stream is no terminal. Disposing ends the line.
 */
export function liveLine(terminal: Terminal, read: () => Promise<readonly Ledger[]>): Disposable {
  if (!terminal.isTTY) return { [Symbol.dispose]: () => {} };
  let shown = "";
  let reading = false;
  const draw = async () => {
    if (reading) return;
    reading = true;
    const line = await read().then(lineOf, (error: unknown) => String(error));
    reading = false;
    if (line !== shown) terminal.write(`\r\u001b[K${line}`);
    shown = line;
  };
  const timer = setInterval(draw, everyMs);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      terminal.write("\n");
    },
  };
}

/** The counts of all pipelines on one line. */
export function lineOf(ledgers: readonly Ledger[]): string {
  const sum = (of: (ledger: Ledger) => number) => ledgers.reduce((all, each) => all + of(each), 0);
  return [
    `stored ${sum(({ stored }) => stored)}`,
    `duplicates suppressed ${sum(({ duplicates }) => duplicates)}`,
    `dead letters ${sum(({ deadLettered }) => deadLettered)}`,
    `in flight ${sum(({ inFlight }) => inFlight)}`,
    `ledger ${ledgers.every(({ closes }) => closes) ? "closes" : "open"}`,
  ].join(" · ");
}
