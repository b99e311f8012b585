import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { signalGroup } from "./process-group.ts";

/** A program that must succeed, its output kept in a file. */
export interface Step {
  readonly command: readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly timeoutMs: number;
  /** Ends the program and all that it started. */
  readonly signal?: AbortSignal | undefined;
}

const tailCharsMax = 2_000;

/** Runs a program to its end; rejects with the tail of what it printed when it fails. */
export async function runStep({ command, env, logFile, timeoutMs, signal }: Step): Promise<void> {
  signal?.throwIfAborted();
  const [program = "", ...args] = command;
  const log = openSync(logFile, "w");
  const child = spawn(program, args, {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const end = () => {
    if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
  };
  const timer = setTimeout(end, timeoutMs);
  signal?.addEventListener("abort", end, { once: true });
  process.once("exit", end);
  const outcome = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, name) => resolve(code === 0 ? undefined : (name ?? `code ${code}`)));
  });
  clearTimeout(timer);
  signal?.removeEventListener("abort", end);
  process.off("exit", end);
  signal?.throwIfAborted();
  if (outcome !== undefined) {
    const tail = readFileSync(logFile, "utf8").slice(-tailCharsMax);
    throw new Error(`Cannot run ${program}: it ended with ${outcome}\n${tail}`);
  }
}
