import { emptyLedger } from "../store/ledger.ts";
import type { AsideReason, LaneLedger, StoreView } from "../store/store.ts";
import type { KnownAsides } from "./known-asides.ts";
import type { OpenLane } from "./open-lane.ts";

/** Why a log does not hold every event that the live store has counted, each in a sentence; none where it does. */
export function obstaclesBefore(
  { lanes, cursors }: Pick<StoreView, "lanes" | "cursors">,
  logs: readonly OpenLane[],
): readonly string[] {
  const known = new Set(logs.flatMap(({ ranges }) => [...ranges.keys()]));
  const strangers = [...cursors].filter(([partition, to]) => to > 0 && !known.has(partition));
  const isEmpty = Object.values(lanes).every(({ applied }) => applied === 0) && cursors.size === 0;
  return [
    ...(isEmpty
      ? ["the live store is empty: consumers that run fold the log from its start by themselves"]
      : []),
    ...strangers.map(
      ([partition, to]) =>
        `${to} messages of partition ${partition} were folded, which is not there any more: its topic was made anew or removed`,
    ),
    ...logs.flatMap((log) => obstaclesOf(log, cursors, lanes)),
  ];
}

function obstaclesOf(
  { lane, ranges, asides }: OpenLane,
  cursors: StoreView["cursors"],
  lanes: StoreView["lanes"],
): readonly string[] {
  const ledger = lanes[lane] ?? emptyLedger();
  return [
    ...(ranges.size === 0 ? [`lane ${lane} has no log: nothing was ever published to it`] : []),
    ...[...ranges].flatMap(([partition, { start, end }]) => [
      ...(start > 0
        ? [`${lane}: the log of ${partition} begins at ${start}: older messages were removed`]
        : []),
      ...((cursors.get(partition) ?? 0) > end
        ? [`${lane}: the live store is ahead of ${partition}, which ends at ${end}`]
        : []),
    ]),
    ...(ledger.lost > 0
      ? [`${lane}: ${ledger.lost} messages were lost before they were read`]
      : []),
    ...(["late", "refused"] as const).flatMap((reason) => {
      const found = countOf(asides, reason, cursors);
      if (found === ledger[reason]) return [];
      return [
        `${lane}: ${ledger[reason]} messages were set aside as ${reason}, and dead letters tell of ${found} of them`,
      ];
    }),
  ];
}

/** Letters of messages that the live store has passed. */
function countOf(asides: KnownAsides, reason: AsideReason, cursors: StoreView["cursors"]): number {
  let count = 0;
  for (const [partition, offsets] of asides) {
    const to = cursors.get(partition) ?? 0;
    for (const [offset, each] of offsets) if (each === reason && offset < to) count++;
  }
  return count;
}

const settled = (ledger: LaneLedger) => ledger.applied + ledger.duplicate;
const same = ["undecodable", "refused", "late", "conflict", "hole"] as const;

/** What folding the log has counted otherwise than the live store, at the same cursors, each in a sentence. */
export function obstaclesAfter(
  live: StoreView["lanes"],
  fresh: StoreView["lanes"],
  logs: readonly OpenLane[],
): readonly string[] {
  const differing = logs.flatMap(({ lane }) => {
    const [one, other] = [live[lane] ?? emptyLedger(), fresh[lane] ?? emptyLedger()];
    const faults = same
      .filter((name) => one[name] !== other[name])
      .map((name) => `${lane}: ${one[name]} ${name} by the live store, ${other[name]} by the log`);
    const [had, has] = [settled(one), settled(other)];
    if (had === has) return faults;
    return [...faults, `${lane}: ${had} settled by the live store, ${has} by the log`];
  });
  const missing = storedOf(live) - storedOf(fresh);
  if (missing === 0) return differing;
  const others = Object.keys(live).filter((lane) => !logs.some((log) => log.lane === lane));
  return [
    ...differing,
    missing > 0
      ? `${missing} events had their effect by ${others.join(", ") || "another lane"} alone: the log never had them (policy, or dead letters published again there), or has them still to come`
      : `${-missing} events are in the log that the live store has not counted`,
  ];
}

function storedOf(lanes: StoreView["lanes"]): number {
  return Object.values(lanes).reduce((sum, { applied }) => sum + applied, 0);
}
