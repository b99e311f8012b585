/** A program that runs to its end. */
export interface Program {
  readonly command: readonly string[];
  readonly timeoutMs: number;
  /** The folder it runs in. @default this process's */
  readonly cwd?: string;
  /** Added to this process's environment. @default nothing */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from its standard input. @default nothing */
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
}

/** How a program ended. */
export interface Ended {
  /** The exit code; undefined where it was ended because its time was over, or by a signal. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program and returns what it printed, however it ended. */
export async function runProgram(program: Program): Promise<Ended> {
  const { command, timeoutMs, cwd, env, input, signal } = program;
  signal?.throwIfAborted();
  const child = Bun.spawn([...command], {
    stdin: input === undefined ? "ignore" : new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
    // Unasked it would be the environment that this process was started with.
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    ...(signal === undefined ? {} : { signal }),
  });
  const [stdout, stderr, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  signal?.throwIfAborted();
  return {
    code: child.signalCode === null ? code : undefined,
    stdout,
    stderr,
  };
}

const tailChars = 2_000;

/**
 * Runs a program that must succeed and returns what it printed.
 *
 * @throws Error with the end of what it said.
 */
export async function succeed(program: Program): Promise<string> {
  const { code, stdout, stderr } = await runProgram(program);
  if (code === 0) return stdout;
  const why = code === undefined ? `it was ended within ${program.timeoutMs} ms` : `code ${code}`;
  const said = (stderr.trim() || stdout.trim()).slice(-tailChars);
  throw new Error(`Cannot run ${program.command.join(" ")}: ${why}: ${said}`);
}
