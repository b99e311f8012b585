import type { SeriesPanel } from "../../../../../lib/pipeline/view.ts";
import type { State } from "../../../state.ts";
import type { Point } from "./line-layout.ts";
import { entriesAt, numberOf } from "./read-state.ts";

/** A line with its name. */
export interface Line {
  readonly label: string;
  readonly points: readonly Point[];
}

/** The lines of a series panel, their points by rising time; entries without both numbers are left out. */
export function seriesOf({ sources, x, y }: SeriesPanel, state: State): readonly Line[] {
  return sources.map(({ key, label }) => ({
    label,
    points: entriesAt(state, key)
      .flatMap((entry) => {
        const [at, value] = [numberOf(entry[x]), numberOf(entry[y])];
        return at === undefined || value === undefined ? [] : [{ x: at, y: value }];
      })
      .sort((a, b) => a.x - b.x),
  }));
}
