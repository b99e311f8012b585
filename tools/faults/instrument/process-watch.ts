import { readFileSync, statSync } from "node:fs";
import type { Child } from "../../parts/child.ts";

/** What was seen of our processes. */
export interface ProcessReport {
  /** The most memory that each process held, in MiB. */
  readonly mostMib: ReadonlyMap<string, number>;
  /** All samples of each process, in MiB, one every `everyMs`. */
  readonly samples: ReadonlyMap<string, readonly number[]>;
  /** Log lines that tell of a fault that nobody handled. */
  readonly unhandled: readonly string[];
}

/** Samples processes until it is ended. */
export interface ProcessWatch extends Disposable {
  report(): ProcessReport;
}

/** How often memory is looked at, in milliseconds. */
export const everyMs = 500;

const kibPerMib = 1_024;
const lineChars = 300;
const unhandledWords = /unhandled|uncaught|unforeseen/i;

/** The memory that a process holds, in MiB; undefined where there is no such process. */
export function residentMib(pid: number): number | undefined {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kib === undefined ? undefined : Number(kib) / kibPerMib;
  } catch {
    return undefined;
  }
}

/** Watches these processes from now on. */
export function watchProcesses(children: readonly Child[]): ProcessWatch {
  const samples = new Map<string, number[]>(children.map(({ name }) => [name, []]));
  const logsFrom = new Map(children.map(({ name, logFile }) => [name, sizeOf(logFile)]));
  const look = () => {
    for (const { name, pid } of children) {
      const mib = pid === undefined ? undefined : residentMib(pid);
      if (mib !== undefined) samples.get(name)?.push(mib);
    }
  };
  look();
  const timer = setInterval(look, everyMs);
  return {
    report: () => ({
      mostMib: new Map([...samples].map(([name, all]) => [name, Math.max(0, ...all)])),
      samples,
      unhandled: children.flatMap(({ name, logFile }) =>
        linesFrom(logFile, logsFrom.get(name) ?? 0)
          .filter((line) => unhandledWords.test(line))
          .map((line) => `${name}: ${line.slice(0, lineChars)}`),
      ),
    }),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The lines of a log from a place on. */
export function linesFrom(file: string, from: number): readonly string[] {
  if (sizeOf(file) <= from) return [];
  return readFileSync(file).subarray(from).toString("utf8").split("\n");
}
