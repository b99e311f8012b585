import type { BrokerSide, BrokerSides } from "../../lib/ledger/broker-sides.ts";
import { settledOf } from "../../lib/ledger/ledger.ts";
import { emptyLedger } from "../../lib/store/ledger.ts";
import type { StoreView } from "../../lib/store/store.ts";

/** How far the store is behind in one partition or queue. */
export interface PartitionLag {
  /** The partition's number, or the queue's name. */
  readonly partition: string;
  /** The offset behind the last message; of a queue, how many were settled or wait. */
  readonly end: number;
  /** The next offset that the store wants; of a queue, how many were settled. */
  readonly cursor: number;
  readonly lag: number;
}

/** The lag of every lane; null where its broker is silent. */
export type Lag = Readonly<Record<string, readonly PartitionLag[] | null>>;

/** Holds the brokers' sides against the store's cursors and counts. */
export function lagOf(sides: BrokerSides, view: StoreView): Lag {
  return Object.fromEntries(
    Object.entries(sides).map(([lane, side]) => [lane, laneLag(lane, side, view)]),
  );
}

function laneLag(lane: string, side: BrokerSide, view: StoreView): readonly PartitionLag[] | null {
  if (side.kind === "silent") return null;
  if (side.kind === "queue") {
    const cursor = settledOf(view.lanes[lane] ?? emptyLedger());
    const { queue, depth } = side;
    return [{ partition: queue, end: cursor + depth, cursor, lag: depth }];
  }
  return [...side.ends]
    .map(([name, end]) => {
      const cursor = view.cursors.get(name) ?? 0;
      // The ends were read first: the store may have passed one.
      return { partition: numberOf(name), end, cursor, lag: Math.max(0, end - cursor) };
    })
    .sort((a, b) => Number(a.partition) - Number(b.partition));
}

/** The number in a partition's name, which is the topic's id and the number. */
function numberOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
