import {
  linesFrom,
  type ProcessWatch,
  watchProcesses,
} from "../faults/instrument/process-watch.ts";
import type { Child } from "../parts/child.ts";

/** How much memory one process may hold, in MiB: laptop mode keeps its ids and stores in files. */
const memoryMaxMib = 768;

/** Watches processes that shall survive. */
export interface Survival extends Disposable {
  /** What was seen since the beginning: memory in words, and everything that should not be. */
  report(): { readonly note: string; readonly faults: readonly string[] };
}

const bad = /handler for rpc|segmentation fault|panic|out of memory|RangeError|"level":"error"/i;
const lineChars = 400;

/** Notes pids, memory and logs of these processes from now on. */
export function watchSurvival(children: readonly Child[]): Survival {
  const pids = new Map(children.map((child) => [child, child.pid]));
  const watch: ProcessWatch = watchProcesses(children);
  return {
    report: () => {
      const { mostMib, samples, unhandled } = watch.report();
      const notes = children.map(({ name }) => {
        const all = samples.get(name) ?? [];
        const mib = (value: number | undefined) => `${Math.round(value ?? 0)}`;
        return `${name}: ${mib(all[0])} MiB before, ${mib(mostMib.get(name))} at most, ${mib(all.at(-1))} after`;
      });
      const faults = children.flatMap((child) => {
        const most = mostMib.get(child.name) ?? 0;
        const lines = linesFrom(child.logFile, 0).filter((line) => bad.test(line));
        return [
          ...(child.pid === pids.get(child) ? [] : [`${child.name} has ended`]),
          ...(most > memoryMaxMib ? [`${child.name} held ${Math.round(most)} MiB`] : []),
          ...lines.slice(0, 20).map((line) => `${child.name} says: ${line.slice(0, lineChars)}`),
        ];
      });
      return { note: notes.join("; "), faults: [...faults, ...unhandled] };
    },
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}
