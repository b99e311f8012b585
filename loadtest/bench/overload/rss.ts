import { readFileSync } from "node:fs";

/** The memory in MB that each process has, by name; what is not there any more is left out. */
export function rssMb(pids: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...pids].flatMap(([name, pid]) => {
      const kb = residentKb(pid);
      return kb === undefined ? [] : [[name, Math.round(kb / 1_000)]];
    }),
  );
}

function residentKb(pid: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  } catch {
    return undefined;
  }
}
