import type { Row } from "../table.ts";
import type { ViewFigures } from "./measure.ts";

/** A view's figures as a row, rounded to what they are good for. */
export function rowOf({ view, load, page }: ViewFigures): Row {
  const tenths = (value: number) => Math.round(value * 10) / 10;
  return {
    view,
    "acknowledged/s": Math.round(load.perSecond),
    "failed or held": load.failed + load.held,
    "reply p99 ms": tenths(load.p99Ms),
    "first paint ms": Math.round(page.firstContentfulPaintMs),
    "longest task, CPU ms": tenths(page.longestTaskCpuMs),
    "by the clock": tenths(page.longestTaskWallMs),
    "tasks over 50 ms": page.longTasks,
    "drawn/s": tenths(page.drawnPerSecond),
    "compressed KB": tenths(page.compressedBytes / 1_000),
    faults: page.faults.length,
  };
}

/** The rows of several runs as one run's: of each figure the median. */
export function medians(runs: readonly (readonly Row[])[]): readonly Row[] {
  return (runs[0] ?? []).map((first, row) =>
    Object.fromEntries(
      Object.keys(first).map((name) => [name, median(runs.map((run) => run[row]?.[name] ?? ""))]),
    ),
  );
}

/** Of an even number of values the lower one of the middle. */
function median(values: readonly (string | number)[]): string | number {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? "";
}
