import { emptyLedger } from "../store/ledger.ts";
import type { AsideReason, LaneLedger, StoreView } from "../store/store.ts";
import { type BrokerSide, type BrokerSides, readBrokerSides } from "./broker-sides.ts";
import type { LaneProbe } from "./lane-probe.ts";

/** A lane's ledger, in deliveries: published = applied + duplicates + deadLettered + inFlight. */
export interface LaneReport {
  readonly published: number;
  readonly applied: number;
  readonly duplicates: number;
  readonly deadLettered: number;
  /** What `deadLettered` is made of, by reason; `undelivered` is what the broker set aside by itself. */
  readonly aside?: Readonly<Partial<Record<AsideReason | "undelivered", number>>>;
  readonly inFlight: number;
  /** Deliveries that repeat one that the broker had delivered or stored before; not part of the sum. */
  readonly repeated: number;
  /** Whether `published` was counted apart from what was consumed. */
  readonly proven: boolean;
  /** Whether the sum holds. */
  readonly closes: boolean;
  /** What the store counted more (or, below 0, less) often than it passed in the lane; 0 where the sum holds. */
  readonly difference?: number;
  /** Set where the broker did not answer: the figures are those of the store alone. */
  readonly fault?: string;
}

/** All lanes together; `stored` counts events, each once, the others deliveries. */
export interface Ledger {
  readonly accepted: number;
  readonly stored: number;
  readonly duplicates: number;
  readonly deadLettered: number;
  readonly inFlight: number;
  readonly closes: boolean;
  readonly lanes: Readonly<Record<string, LaneReport>>;
}

/** Reads the store's side and the brokers' side of every lane and holds them against each other. */
export async function readLedger(
  read: () => Promise<StoreView>,
  probes: Readonly<Record<string, LaneProbe>>,
): Promise<Ledger> {
  // The brokers first: what is published in between is then in flight at worst, never missing.
  const sides = await readBrokerSides(probes);
  return ledgerOf(sides, await read());
}

/** Holds the brokers' sides against a view of the store that was read after them. */
export function ledgerOf(sides: BrokerSides, view: StoreView): Ledger {
  const retired = retiredOffsets(Object.values(sides), view);
  const lanes = Object.fromEntries(
    Object.entries(sides).map(([lane, side]) => [
      lane,
      laneReport(view.lanes[lane] ?? emptyLedger(), side, view, retired),
    ]),
  );
  return sumOf(lanes);
}

/** The ledger of a pipeline with these lanes. */
export function sumOf(lanes: Readonly<Record<string, LaneReport>>): Ledger {
  const reports = Object.values(lanes);
  const sum = (of: (report: LaneReport) => number) =>
    reports.reduce((all, each) => all + of(each), 0);
  return {
    accepted: sum(({ published }) => published),
    stored: sum(({ applied }) => applied),
    duplicates: sum(({ duplicates }) => duplicates),
    deadLettered: sum(({ deadLettered }) => deadLettered),
    inFlight: sum(({ inFlight }) => inFlight),
    closes: reports.every(({ closes }) => closes),
    lanes,
  };
}

/** How many of a lane's deliveries the store has settled. */
export function settledOf(ledger: LaneLedger): number {
  const { applied, duplicate, undecodable, refused, late, conflict } = ledger;
  return applied + duplicate + undecodable + refused + late + conflict;
}

function laneReport(
  ledger: LaneLedger,
  side: BrokerSide,
  view: StoreView,
  retired: number,
): LaneReport {
  const { applied, duplicate, undecodable, refused, late, conflict } = ledger;
  const settled = settledOf(ledger);
  const counts = {
    applied,
    duplicates: duplicate,
    deadLettered: settled - applied - duplicate,
    aside: { undecodable, refused, late, conflict },
  };
  if (side.kind === "silent") {
    return {
      ...counts,
      published: settled,
      inFlight: 0,
      repeated: 0,
      proven: false,
      closes: false,
      fault: side.fault,
    };
  }
  if (side.kind === "offsets") {
    const { passed, inFlight } = progress(side.ends, view);
    const difference = settled + ledger.hole + ledger.lost - passed - retired;
    return {
      ...counts,
      published: settled + inFlight,
      inFlight,
      repeated: 0,
      proven: true,
      closes: difference === 0,
      difference,
    };
  }
  const { moved } = side.letters;
  return {
    ...counts,
    deadLettered: counts.deadLettered + moved,
    aside: { ...counts.aside, ...(moved > 0 && { undelivered: moved }) },
    ...queueReport(ledger, settled + moved, side),
  };
}

/** How many offsets of a lane lie behind the cursors, and how many before them: exact. */
function progress(ends: ReadonlyMap<string, number>, view: StoreView) {
  let passed = 0;
  let inFlight = 0;
  for (const [partition, end] of ends) {
    const cursor = view.cursors.get(partition) ?? 0;
    passed += cursor;
    inFlight += Math.max(0, end - cursor);
  }
  return { passed, inFlight };
}

/** What was folded of topics that are gone (deleted, made anew) stays in the ledger of the lane with offsets. */
function retiredOffsets(sides: readonly BrokerSide[], view: StoreView): number {
  const known = new Set(
    sides.flatMap((side) => (side.kind === "offsets" ? [...side.ends.keys()] : [])),
  );
  return [...view.cursors].reduce(
    (sum, [partition, cursor]) => (known.has(partition) ? sum : sum + cursor),
    0,
  );
}

/**
 * At least once: what was settled beyond the confirmed are repeats that the broker or a relay knows of. Where they do not
 * explain it, a relay has lost its count (it was restarted), and nothing is proven. A loss shows as messages that stay in
 * flight although the queue is empty.
 */
function queueReport(
  ledger: LaneLedger,
  settled: number,
  { depth, published, letters }: Extract<BrokerSide, { kind: "queue" }>,
) {
  const confirmed = (published?.confirmed ?? 0) + letters.redriven;
  const inFlight = Math.max(depth, confirmed - settled);
  const repeated = settled + inFlight - confirmed;
  if (published === undefined || repeated > ledger.redelivered + published.unconfirmed) {
    const all = settled + depth;
    const unproven = { proven: false, closes: true, difference: 0 };
    return { published: all, inFlight: depth, repeated: 0, ...unproven };
  }
  return {
    published: confirmed,
    duplicates: ledger.duplicate - Math.min(repeated, ledger.duplicate),
    inFlight,
    repeated,
    proven: true,
    closes: true,
    difference: 0,
  };
}
