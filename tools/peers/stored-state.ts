import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { emptyLedger } from "../../lib/store/ledger.ts";
import type { LaneLedger } from "../../lib/store/store.ts";
import { valkeyStore } from "../../lib/store/valkey/valkey-store.ts";

/** What a pipeline's store holds. */
export interface StoredState {
  /** What each key of the pipeline's holds, by key. */
  readonly keys: Readonly<Record<string, unknown>>;
  readonly total: number;
  /** The deliveries of one lane. */
  readonly ledger: LaneLedger;
  /** How many offsets are behind the cursors of all partitions. */
  readonly passed: number;
}

/** Reads the store of a pipeline past its consumers, over a connection that lasts until it is disposed. */
export function stateReader(
  url: string,
  pipeline: AnyPipeline,
  lane: string,
): AsyncDisposable & { read(): Promise<StoredState> } {
  const store = valkeyStore({ url });
  return {
    read: async () => {
      const view = await store.read({ keys: pipeline.state });
      const keys = Object.fromEntries(
        pipeline.state.map(({ key }, index) => [key, view.keys[index]]),
      );
      return {
        keys,
        total: Number(keys.total ?? 0),
        ledger: view.lanes[lane] ?? emptyLedger(),
        passed: [...view.cursors.values()].reduce((all, each) => all + each, 0),
      };
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
