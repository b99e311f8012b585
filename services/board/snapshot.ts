import { type BrokerSides, readBrokerSides } from "../../lib/ledger/broker-sides.ts";
import { type Ledger, ledgerOf } from "../../lib/ledger/ledger.ts";
import { within } from "../../lib/pause.ts";
import type { StoreView } from "../../lib/store/store.ts";
import type { BoardSource } from "./board-source.ts";
import { type Lag, lagOf } from "./lag.ts";
import { type LogRow, newestRows } from "./log-rows.ts";
import { type State, stateOf } from "./state.ts";

/** How many records of the log a snapshot has. */
const rowsMax = 20;

/** How long a part may take before it counts as away. */
const partMs = 2_000;

/** How many dead letters of each lane wait; null where its broker is away. */
export type Waiting = Readonly<Record<string, { readonly waiting: number } | null>>;

/** What a pipeline's brokers and its log say. */
export interface Surroundings {
  readonly sides: BrokerSides;
  readonly deadLetters: Waiting;
  /** Undefined where the pipeline has no log, null where that is away. */
  readonly logs: readonly LogRow[] | null | undefined;
}

/** All that the board knows of a pipeline at one moment; a part that is null does not answer. */
export interface Snapshot {
  readonly state: State | null;
  readonly ledger: Ledger | null;
  readonly lag: Lag | null;
  readonly deadLetters: Waiting;
  readonly logs?: readonly LogRow[] | null;
}

/** Asks brokers, dead letters and log at the same time, two seconds each. */
export async function readSurroundings({
  lanes,
  deadLetters = {},
  log,
}: BoardSource): Promise<Surroundings> {
  const waiting = Object.entries(deadLetters).map(async ([lane, reader]) => {
    const tally = await orNull(reader.tally());
    return [lane, tally && { waiting: tally.waiting }] as const;
  });
  const [sides, counts, logs] = await Promise.all([
    readBrokerSides(lanes, partMs),
    Promise.all(waiting),
    log && orNull(newestRows(log, rowsMax)),
  ]);
  return { sides, deadLetters: Object.fromEntries(counts), logs };
}

/** Reads the store; null where it does not answer within two seconds. */
export function readView({ pipeline, store }: BoardSource): Promise<StoreView | null> {
  return orNull(store.read({ keys: pipeline.state }));
}

/** Joins surroundings with a view of the store that was read after them. */
export function snapshotOf(
  { pipeline }: BoardSource,
  { sides, deadLetters, logs }: Surroundings,
  view: StoreView | null,
): Snapshot {
  return {
    state: view && stateOf(pipeline, view),
    ledger: view && ledgerOf(sides, view),
    lag: view && lagOf(sides, view),
    deadLetters,
    ...(logs === undefined ? {} : { logs }),
  };
}

/** A snapshot as its reader gets it: with the board's time, in milliseconds. */
export function textOf(snapshotJson: string): string {
  return `{"at":${Date.now()},${snapshotJson.slice(1)}`;
}

function orNull<T>(work: Promise<T>): Promise<T | null> {
  return within("read a part", partMs, work).catch(() => null);
}
