import { pause } from "../pause.ts";
import { stationsThat } from "../pipeline/find-station.ts";
import type { AnyPipeline } from "../pipeline/pipeline.ts";
import type { StoreBeside, SwapResult } from "../store/beside.ts";
import { type Comparison, compareStores } from "../store/compare-stores.ts";
import { emptyLedger } from "../store/ledger.ts";
import type { LaneLedger, StoreView } from "../store/store.ts";
import { type LogPart, mergeLogs } from "./merge-logs.ts";
import { obstaclesAfter } from "./obstacles.ts";
import type { OpenLane } from "./open-lane.ts";
import { refold } from "./refold.ts";

/** What a rebuild works on. */
export interface RebuildOptions {
  readonly pipeline: AnyPipeline;
  readonly beside: StoreBeside;
  readonly lanes: readonly OpenLane[];
  /** Told how many messages are folded, of how many. */
  progress(done: number, total: number): void;
  /** Aborted by whoever does not want to wait any longer; the live store is as it was. */
  readonly signal: AbortSignal;
}

/** What folding the whole log came to: `moving` where consumers went on, so that no moment could be compared. */
export interface Rebuilt {
  readonly events: number;
  readonly tookMs: number;
  /** Why it cannot take the live store's place; none where it can. */
  readonly obstacles: readonly string[];
  readonly comparison: Comparison | "moving";
  readonly stored: number;
}

/** A rebuild in hand. */
export interface Rebuild {
  /** Folds everything that the live store has folded, and compares. */
  run(): Promise<Rebuilt>;
  /** Folds what came meanwhile, and swaps; undefined where lanes without a log would not rest. */
  swap(keep: boolean): Promise<Extract<SwapResult, { status: "swapped" }> | undefined>;
}

/** For how long lanes are followed that do not rest, once the log was folded; and how often they are looked at. */
const patienceMs = 8_000;
const restMs = 250;

/** A rebuild that folds up to where the live store stands, not further: so both can be compared. */
export function rebuild(options: RebuildOptions): Rebuild {
  const { beside, pipeline, lanes, signal } = options;
  const asides = new Map(lanes.flatMap((each) => [...each.asides]));
  const folding = refold(pipeline, beside.fresh, asides);
  const at = new Map<string, number>();
  let done = 0;

  const foldUpTo = async (cursors: StoreView["cursors"]) => {
    const parts = partsUpTo(cursors, at, lanes);
    const total = parts.reduce((sum, { from, to }) => sum + to - from, done);
    let inHand = Promise.resolve();
    try {
      for await (const stretch of mergeLogs(parts)) {
        signal.throwIfAborted();
        // Decoded while the store still writes what came before.
        const fold = folding.prepare(stretch);
        await inHand;
        inHand = fold();
        // It is awaited below, but not before the next stretch is read.
        inHand.catch(() => {});
        at.set(stretch.range.partition, stretch.range.to);
        done += stretch.range.to - stretch.range.from;
        options.progress(done, total);
      }
    } finally {
      await inHand;
    }
  };

  /** Folds up to the live store until the ledgers agree, as far as waiting may help. */
  const catchUp = async () => {
    for (let limitMs = 0; ; ) {
      signal.throwIfAborted();
      const view = await beside.live.read({});
      await foldUpTo(view.cursors);
      limitMs ||= performance.now() + patienceMs;
      const fresh = await beside.fresh.read({});
      const obstacles = obstaclesAfter(view.lanes, fresh.lanes, lanes);
      const isLate = performance.now() >= limitMs;
      if (obstacles.length === 0 || isLate) return { view, fresh, obstacles };
      await pause(restMs, signal);
      // What nobody changes any more no round changes.
      if (isSame(view, await beside.live.read({}))) return { view, fresh, obstacles };
    }
  };

  return {
    async run() {
      const startMs = performance.now();
      const { view, fresh, obstacles } = await catchUp();
      const tookMs = performance.now() - startMs;
      const comparison = await compareStores(beside, folding.traits);
      const still = isSame(view, await beside.live.read({}));
      const stored = Object.values(fresh.lanes).reduce((sum, { applied }) => sum + applied, 0);
      return {
        ...{ events: done, tookMs, obstacles, stored },
        comparison: still ? comparison : "moving",
      };
    },
    async swap(keep) {
      const limitMs = performance.now() + patienceMs;
      while (performance.now() < limitMs) {
        const { view, obstacles } = await catchUp();
        signal.throwIfAborted();
        if (obstacles.length > 0) throw new Error(`Cannot swap: ${obstacles.join("; ")}`);
        const swapped = await beside.swap({ others: othersOf(pipeline, view, lanes), keep });
        if (swapped.status === "swapped") return swapped;
        await pause(restMs, signal);
      }
      return undefined;
    },
  };
}

function partsUpTo(
  cursors: StoreView["cursors"],
  at: ReadonlyMap<string, number>,
  lanes: readonly OpenLane[],
): readonly LogPart[] {
  return lanes
    .flatMap(({ lane, log, ranges }) =>
      [...ranges.keys()].map((partition): LogPart => {
        const from = at.get(partition) ?? 0;
        return { lane, log, partition, from, to: Math.max(from, cursors.get(partition) ?? 0) };
      }),
    )
    .filter(({ from, to }) => from < to);
}

/** Of every lane that is not folded anew, those included that have brought nothing yet. */
function othersOf(
  pipeline: AnyPipeline,
  { lanes }: StoreView,
  logs: readonly OpenLane[],
): Readonly<Record<string, LaneLedger>> {
  const consumed = stationsThat([pipeline], "consumer").map(({ station }) => station.lane);
  const others = [...new Set([...consumed, ...Object.keys(lanes)])].filter(
    (lane) => !logs.some((log) => log.lane === lane),
  );
  return Object.fromEntries(others.map((lane) => [lane, lanes[lane] ?? emptyLedger()]));
}

function isSame(one: StoreView, other: StoreView): boolean {
  return Bun.deepEquals(one.lanes, other.lanes) && Bun.deepEquals(one.cursors, other.cursors);
}
