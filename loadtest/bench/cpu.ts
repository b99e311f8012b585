import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second, the unit of `/proc/<pid>/stat`: 100 on every Linux that Node and Bun support. */
const ticksPerSecond = 100;

/**
 * The CPU time in milliseconds that a process and its children have used, dead children included.
 *
 * @throws Error where there is no such process, or no `/proc`.
 */
export function cpuMs(pid: number): number {
  const children = readdirSync("/proc").filter(
    (each) => /^\d+$/.test(each) && parentOf(each) === pid,
  );
  return children.reduce((sum, child) => sum + cpuMs(Number(child)), ownMs(pid));
}

function ownMs(pid: number): number {
  const [user = 0, system = 0] = fields(String(pid)).slice(11, 13).map(Number);
  return ((user + system) / ticksPerSecond) * 1_000;
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(fields(pid)[1]);
  } catch {
    return undefined;
  }
}

/** The fields of `/proc/<pid>/stat` after the command's name, from the state on. */
function fields(pid: string): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
