import { type ShallowRef, shallowRef } from "vue";
import { readPipelines } from "../api/board.ts";
import type { BoardPipeline } from "../api/shapes.ts";
import { retryDelayMs } from "./connection.ts";

/** The board's pipelines, asked for until it answers. */
export interface BoardPipelines {
  /** Undefined before the board answered. */
  readonly list: Readonly<ShallowRef<readonly BoardPipeline[] | undefined>>;
  /** How often it did not. */
  readonly failures: Readonly<ShallowRef<number>>;
}

/** Asks the board for its pipelines, once it answers no more. */
export function loadPipelines(): BoardPipelines {
  const list = shallowRef<readonly BoardPipeline[]>();
  const failures = shallowRef(0);
  const load = async () => {
    try {
      list.value = await readPipelines();
    } catch {
      failures.value++;
      setTimeout(load, retryDelayMs(failures.value, Math.random()));
    }
  };
  void load();
  return { list, failures };
}
