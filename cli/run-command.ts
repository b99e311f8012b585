import { exitCodes } from "./arguments/exit-codes.ts";
import { UsageError } from "./arguments/usage-error.ts";
import { coloured, type Terminal } from "./terminal.ts";

/** One Ctrl-C may arrive twice: from the terminal and from the package runner. */
const sameSignalMs = 500;

/**
 * Runs a command and ends the process with its exit code; what it throws is told in a sentence. Ctrl-C lets it end what
 * it has in hand, a second one ends it at once.
 */
export async function runCommand(command: (terminal: Terminal) => Promise<number>): Promise<never> {
  const stopping = new AbortController();
  let toldAtMs: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      const nowMs = performance.now();
      if (toldAtMs !== undefined && nowMs - toldAtMs > sameSignalMs)
        process.exit(exitCodes.stopped);
      toldAtMs ??= nowMs;
      stopping.abort();
    });
  }
  // Whoever reads our output may leave before its end, as `head` does.
  process.stdout.on("error", () => process.exit(exitCodes.done));
  const terminal = { out: process.stdout, err: process.stderr, signal: stopping.signal };
  try {
    const code = await command(terminal);
    // A pipe takes what was written only bit by bit.
    await new Promise<void>((resolve) => process.stdout.end(() => resolve()));
    process.exit(code);
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${coloured(process.stderr, "red", told)}\n`);
    if (!(error instanceof UsageError)) process.exit(exitCodes.failed);
    process.stderr.write("--help tells more.\n");
    process.exit(exitCodes.usage);
  }
}
