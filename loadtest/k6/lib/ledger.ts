import { sleep } from "k6";
import http from "k6/http";
import type { LedgerView } from "../../board.ts";
import type { Settings } from "./settings.ts";

/** The ledger's totals, as far as a run compares them. */
export type Totals = Pick<LedgerView, "stored" | "duplicates" | "deadLettered" | "inFlight">;

const everyS = 0.2;

/**
 * The ledger of a pipeline once nothing is in flight and nothing more comes, or as it is when the time is over; undefined
 * where no board answers.
 */
export function settledLedger(pipeline: string, settings: Settings): Totals | undefined {
  const end = Date.now() + settings.drainS * 1_000;
  let last: Totals | undefined;
  for (;;) {
    const ledger = readLedger(pipeline, settings);
    const still = ledger !== undefined && ledger.inFlight === 0 && ledger.stored === last?.stored;
    if (still || Date.now() > end) return ledger;
    // A board that was never there is not waited for.
    if (ledger === undefined && last === undefined) return undefined;
    last = ledger ?? last;
    sleep(everyS);
  }
}

function readLedger(pipeline: string, { boardUrl }: Settings): Totals | undefined {
  const reply = http.get(`${boardUrl}/api/${pipeline}/ledger`, {
    tags: { kind: "board" },
    timeout: "10s",
    responseCallback: http.expectedStatuses({ min: 200, max: 599 }),
  });
  if (reply.status !== 200 || typeof reply.body !== "string") return undefined;
  try {
    const totals: Totals = JSON.parse(reply.body);
    return typeof totals.stored === "number" ? totals : undefined;
  } catch {
    return undefined;
  }
}
