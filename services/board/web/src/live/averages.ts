import type { AveragesPanel } from "../../../../../lib/pipeline/view.ts";
import type { State } from "../../../state.ts";
import { hashAt, numberOf } from "../figures/read-state.ts";

/** The averages of a panel's sources at one moment; undefined where there is none yet. */
export interface AverageRow {
  readonly atMs: number;
  readonly values: readonly (number | undefined)[];
}

/** How many rows the page keeps of each panel. */
const rowsMax = 300;

/** The averages of a panel's sources in a state. */
export function averagesOf(
  { sources, sum, count }: AveragesPanel,
  state: State,
): readonly (number | undefined)[] {
  return sources.map(({ key }) => {
    const hash = hashAt(state, key);
    const [total, number] = [numberOf(hash[sum]), numberOf(hash[count])];
    return total === undefined || number === undefined || number === 0 ? undefined : total / number;
  });
}

/** The rows with one more, where it differs from the last; the oldest of more than 300 are let go. */
export function withRow(rows: readonly AverageRow[], row: AverageRow): readonly AverageRow[] {
  const last = rows.at(-1);
  if (last?.values.every((value, index) => value === row.values[index])) return rows;
  return [...rows.slice(1 - rowsMax), row];
}
