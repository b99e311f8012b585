import type { LatestPanel } from "../../../../../lib/pipeline/view.ts";
import type { State } from "../../../state.ts";
import { entriesAt, type Fields, numberOf } from "./read-state.ts";

/** How many entries a table of the newest shows. */
const rowsMax = 20;

/** An entry with the label of its source. */
export interface LatestRow {
  readonly label: string;
  readonly fields: Fields;
}

/** The newest entries of a panel's sources together, newest first. */
export function latestRows(
  { sources, newestBy }: Pick<LatestPanel, "sources" | "newestBy">,
  state: State,
): readonly LatestRow[] {
  return sources
    .flatMap(({ key, label }) => entriesAt(state, key).map((fields) => ({ label, fields })))
    .sort((a, b) => compare(b.fields[newestBy], a.fields[newestBy]))
    .slice(0, rowsMax);
}

function compare(a = "", b = ""): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined) return x - y;
  return a < b ? -1 : Number(a > b);
}
