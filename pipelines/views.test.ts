import { expect, test } from "bun:test";
import type { KeyQuery } from "../lib/pipeline/key-query.ts";
import type { Panel } from "../lib/pipeline/view.ts";
import { pipelines } from "./all.ts";

const kindOf: Readonly<Record<Panel["kind"], KeyQuery["kind"]>> = {
  count: "value",
  figures: "hash",
  counts: "hash",
  averages: "hash",
  series: "stream",
  latest: "stream",
};

for (const { name, state, view } of pipelines) {
  test.skipIf(view === undefined)(
    `the panels of ${name} show keys of the state, of their kind`,
    () => {
      const kinds = new Map(state.map(({ key, kind }) => [key, kind]));
      for (const panel of view?.panels ?? []) {
        const keys = "key" in panel ? [panel.key] : panel.sources.map(({ key }) => key);
        expect(keys.map((key) => kinds.get(key))).toEqual(keys.map(() => kindOf[panel.kind]));
      }
    },
  );
}
