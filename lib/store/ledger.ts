import type { FoldBatch, LaneLedger, Verdict } from "./store.ts";

/** The counts of a ledger, by name. */
export type LedgerCounts = { -readonly [name in keyof LaneLedger]: number };

/** A ledger with nothing in it. */
export function emptyLedger(): LedgerCounts {
  return {
    applied: 0,
    duplicate: 0,
    undecodable: 0,
    refused: 0,
    late: 0,
    conflict: 0,
    hole: 0,
    lost: 0,
    redelivered: 0,
    unidentified: 0,
  };
}

/** All lanes' ledgers from single counts; names that no ledger has are left out. */
export function ledgersOf(
  counts: Iterable<readonly [lane: string, name: string, count: number]>,
): Readonly<Record<string, LaneLedger>> {
  const lanes = new Map<string, LedgerCounts>();
  for (const [lane, name, count] of counts) {
    const ledger = lanes.get(lane) ?? emptyLedger();
    if (isLedgerName(name)) ledger[name] = count;
    lanes.set(lane, ledger);
  }
  return Object.fromEntries(lanes);
}

/** What applying a batch adds to its lane's ledger; `cursor` is where the partition stood before. */
export function ledgerOfBatch(
  batch: FoldBatch,
  verdicts: readonly Verdict[],
  cursor: number,
): LaneLedger {
  const ledger = emptyLedger();
  let present = 0;
  for (const [index, { setAside }] of batch.events.entries()) {
    const verdict = verdicts[index];
    if (verdict === "skipped") continue;
    present++;
    if (verdict === "setAside" && setAside !== undefined) ledger[setAside]++;
    else if (verdict === "applied" || verdict === "duplicate") ledger[verdict]++;
  }
  const { range } = batch;
  if (range?.gap !== undefined) {
    ledger[range.gap] = range.to - Math.max(range.from, cursor) - present;
  }
  ledger.redelivered = batch.redelivered;
  ledger.unidentified = batch.unidentified;
  return ledger;
}

const names = emptyLedger();

function isLedgerName(name: string): name is keyof LaneLedger {
  return Object.hasOwn(names, name);
}
