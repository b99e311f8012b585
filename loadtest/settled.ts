import { pause } from "../lib/pause.ts";
import type { BoardClient, LedgerView } from "./board.ts";

const everyMs = 100;

/** How long to wait for the stores; ends at once when `signal` is aborted. */
export interface SettleOptions {
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Waits until nothing is in flight, as long as allowed; what others sent shortly before would count as ours else. */
export async function settled(board: BoardClient, options: SettleOptions): Promise<LedgerView> {
  const end = Date.now() + options.limitMs;
  for (;;) {
    const ledger = await board.ledger();
    if (ledger.inFlight === 0 || over(end, options)) return ledger;
    await pause(everyMs, options.signal);
  }
}

/**
 * Waits until every id is stored, nothing is in flight and the ledger closes (a broker that does not answer leaves it open
 * for the moment), as long as allowed.
 *
 * @throws Error where the board does not answer at the end of that time.
 */
export async function drained(
  board: BoardClient,
  ids: readonly string[],
  options: SettleOptions,
): Promise<{ readonly missing: readonly string[]; readonly ledger: LedgerView }> {
  const end = Date.now() + options.limitMs;
  let missing: readonly string[] = ids;
  for (;;) {
    try {
      missing = await board.missing(missing);
      const ledger = await board.ledger();
      const done = missing.length === 0 && ledger.inFlight === 0 && ledger.closes;
      if (over(end, options) || done) {
        return { missing, ledger };
      }
    } catch (error) {
      if (over(end, options)) throw error;
    }
    await pause(everyMs, options.signal);
  }
}

function over(end: number, { signal }: SettleOptions): boolean {
  return Date.now() > end || signal.aborted;
}
