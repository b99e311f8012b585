import { existsSync, readFileSync } from "node:fs";

/** Sends `signal` to a process group; a group that is gone is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  trySignal(-pid, signal);
}

function trySignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

/**
 * When process `pid` started, in clock ticks since boot; `undefined` when it has ended or the system
 * does not tell. Together with the pid it names one process for good, pids alone being used again.
 */
export function startTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : Number(fields[19]);
  } catch {
    return undefined;
  }
}

/** Says whether the process that had `pid` and `ticks` still runs. */
export function isAlive(pid: number, ticks: number | undefined): boolean {
  if (!existsSync("/proc/self/stat")) return trySignal(pid, 0);
  const now = startTicks(pid);
  return now !== undefined && (ticks === undefined || now === ticks);
}
