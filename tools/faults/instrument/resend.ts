import type { Answer } from "../../../loadtest/post.ts";
import { send } from "../../../loadtest/send.ts";
import { type ClientLedger, entriesThat, type LedgerEntry } from "./client-ledger.ts";

/** How what is unknown is sent again. */
export interface ResendOptions {
  /** Where an event goes. */
  url(): URL;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

const atOnce = 64;

/** Only what the client did wrong ends the repeats: a door that is overloaded is asked again. */
const isFinal = ({ status }: Answer) => status >= 400 && status < 500 && status !== 429;

/**
 * Sends every event whose outcome is unknown again, under its key, until it is acknowledged or the time is over, and writes
 * that down; returns how many there were.
 */
export async function resendUnknown(
  ledger: ClientLedger,
  { url, limitMs, signal }: ResendOptions,
): Promise<number> {
  const unknown = [...entriesThat(ledger, "unknown")];
  const count = unknown.length;
  const over = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const one = async ({ key, target, body, effects }: LedgerEntry) => {
    ledger.sending({ key, target, sentAtMs: Date.now(), body, effects });
    const sent = await send(url(), body, key, over, isFinal);
    const { acknowledged: id, tookMs: latencyMs, failure } = sent;
    const outcome = id !== undefined ? "acked" : sent.unknown ? "unknown" : "refused";
    const why = failure === undefined ? undefined : `${failure.kind} ${failure.detail}`;
    ledger.heard(key, { outcome, status: 0, latencyMs, id, why });
  };
  const sender = async () => {
    for (let entry = unknown.pop(); entry !== undefined; entry = unknown.pop()) await one(entry);
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return count;
}
