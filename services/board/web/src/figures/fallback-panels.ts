import type { CountPanel, CountsPanel, Panel } from "../../../../../lib/pipeline/view.ts";
import type { State } from "../../../state.ts";
import { hashAt, numberOf } from "./read-state.ts";

const panelsMax = 12;
const label = { en: "Field", es: "Campo" };

/** Panels for a pipeline that says nothing of its view: its counters, and its hashes of counts as bars. */
export function fallbackPanels(state: State): readonly Panel[] {
  return Object.entries(state)
    .flatMap(([key, value]): readonly (CountPanel | CountsPanel)[] => {
      const title = { en: key, es: key };
      if (numberOf(value) !== undefined) return [{ kind: "count", title, key }];
      const counts = Object.values(hashAt(state, key));
      if (counts.length === 0 || counts.some((count) => numberOf(count) === undefined)) return [];
      return [{ kind: "counts", title, key, as: "bars", label }];
    })
    .slice(0, panelsMax);
}
