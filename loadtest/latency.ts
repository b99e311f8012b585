/** The upper bounds of the distribution's rows, in milliseconds; what is slower than the last one has a row of its own. */
export const boundsMs: readonly number[] = [-1, 0, 1, 2, 3].flatMap((power) =>
  [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8].map((each) => Number((each * 10 ** power).toPrecision(2))),
);

/** Which row a latency belongs to. */
export function rowOf(ms: number): number {
  const row = boundsMs.findIndex((bound) => ms <= bound);
  return row === -1 ? boundsMs.length : row;
}

/** How many latencies belong to each row. */
export function distribution(latenciesMs: readonly number[]): readonly number[] {
  const counts = new Array<number>(boundsMs.length + 1).fill(0);
  for (const ms of latenciesMs) {
    const row = rowOf(ms);
    counts[row] = (counts[row] ?? 0) + 1;
  }
  return counts;
}

/** The least latency that this fraction of them does not exceed; 0 where there are none. */
export function percentile(risingMs: readonly number[], fraction: number): number {
  const index = Math.max(0, Math.ceil(risingMs.length * fraction) - 1);
  return risingMs[index] ?? 0;
}

const barWidth = 40;
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** The distribution as lines of text, from the first row that has something to the last. */
export function plotLines(counts: readonly number[]): readonly string[] {
  const sum = counts.reduce((all, each) => all + each, 0);
  if (sum === 0) return [];
  const most = Math.max(...counts);
  const from = counts.findIndex((count) => count > 0);
  const to = counts.findLastIndex((count) => count > 0) + 1;
  return counts.slice(from, to).map((count, index) => {
    const bound = boundsMs[from + index];
    const label = bound === undefined ? `> ${boundsMs.at(-1)}` : `≤ ${bound}`;
    const share = `${((count / sum) * 100).toFixed(1)} %`;
    return `${label.padStart(8)} ms  ${bar(count / most).padEnd(barWidth)}  ${`${count}`.padStart(7)}  ${share.padStart(7)}`;
  });
}

function bar(fraction: number): string {
  const filled = Math.round(fraction * barWidth * 8);
  if (filled === 0 && fraction > 0) return "▏";
  return "█".repeat(Math.floor(filled / 8)) + (eighths[filled % 8] ?? "");
}
