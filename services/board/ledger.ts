import { emptyLedger } from "../../lib/store/ledger.ts";
import type { LaneLedger, StoreView } from "../../lib/store/store.ts";
import type { LaneProbe, OffsetProbe, QueueProbe } from "./lane-probe.ts";

/** A lane's ledger, in deliveries: published = applied + duplicates + deadLettered + inFlight. */
export interface LaneReport {
  readonly published: number;
  readonly applied: number;
  readonly duplicates: number;
  readonly deadLettered: number;
  readonly inFlight: number;
  /** Deliveries that repeat one that the broker had delivered or stored before; not part of the sum. */
  readonly repeated: number;
  /** Whether `published` was counted apart from what was consumed. */
  readonly proven: boolean;
  /** Whether the sum holds. */
  readonly closes: boolean;
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
  const sides = await Promise.all(
    Object.entries(probes).map(async ([lane, probe]) => [lane, await brokerSide(probe)] as const),
  );
  const view = await read();
  const retired = retiredOffsets(
    sides.map(([, side]) => side),
    view,
  );
  const lanes = Object.fromEntries(
    sides.map(([lane, side]) => [
      lane,
      laneReport(view.lanes[lane] ?? emptyLedger(), side, view, retired),
    ]),
  );
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

type BrokerSide =
  | { readonly kind: "offsets"; readonly ends: ReadonlyMap<string, number> }
  | {
      readonly kind: "queue";
      readonly depth: number;
      readonly published: Awaited<ReturnType<QueueProbe["published"]>>;
    }
  | { readonly kind: "silent"; readonly fault: string };

async function brokerSide(probe: LaneProbe): Promise<BrokerSide> {
  try {
    return probe.kind === "offsets" ? await offsetSide(probe) : await queueSide(probe);
  } catch (error) {
    return { kind: "silent", fault: error instanceof Error ? error.message : String(error) };
  }
}

async function offsetSide(probe: OffsetProbe): Promise<BrokerSide> {
  return { kind: "offsets", ends: await probe.ends() };
}

async function queueSide(probe: QueueProbe): Promise<BrokerSide> {
  const [depth, published] = await Promise.all([probe.depth(), probe.published()]);
  return { kind: "queue", depth, published };
}

function laneReport(
  ledger: LaneLedger,
  side: BrokerSide,
  view: StoreView,
  retired: number,
): LaneReport {
  const deadLettered = ledger.undecodable + ledger.refused + ledger.late + ledger.conflict;
  const settled = ledger.applied + ledger.duplicate + deadLettered;
  const counts = { applied: ledger.applied, duplicates: ledger.duplicate, deadLettered };
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
    return {
      ...counts,
      published: settled + inFlight,
      inFlight,
      repeated: 0,
      proven: true,
      closes: passed + retired === settled + ledger.hole + ledger.lost,
    };
  }
  return { ...counts, ...queueReport(ledger, settled, side) };
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
  { depth, published }: Extract<BrokerSide, { kind: "queue" }>,
) {
  const confirmed = published?.confirmed ?? 0;
  const inFlight = Math.max(depth, confirmed - settled);
  const repeated = settled + inFlight - confirmed;
  if (published === undefined || repeated > ledger.redelivered + published.unconfirmed) {
    const all = settled + depth;
    return { published: all, inFlight: depth, repeated: 0, proven: false, closes: true };
  }
  return {
    published: confirmed,
    duplicates: ledger.duplicate - Math.min(repeated, ledger.duplicate),
    inFlight,
    repeated,
    proven: true,
    closes: true,
  };
}
