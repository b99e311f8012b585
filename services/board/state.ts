import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import type { KeyValue, StoreView } from "../../lib/store/store.ts";

/** What a store holds under the keys that people read; keys that are not there are left out. */
export type State = Readonly<Record<string, Exclude<KeyValue, undefined>>>;

/** The state in a view that was asked for the pipeline's keys. */
export function stateOf(pipeline: AnyPipeline, { keys }: StoreView): State {
  return Object.fromEntries(
    pipeline.state.flatMap(({ key }, index) => {
      const value = keys[index];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
