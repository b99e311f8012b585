import type { FaultContext } from "../fault.ts";
import type { Effect, Outcome } from "../instrument/client-ledger.ts";
import { whileOverloaded } from "./while-overloaded.ts";

/** One request that is sent by hand. */
export interface Probe {
  /** What is tried, for the sentence where it goes wrong. */
  readonly what: string;
  readonly key: string;
  /** What the same event is as a POST of JSON, for the case that it has to be sent again; with what it adds to counts. */
  readonly body?: string;
  readonly effects?: readonly Effect[];
  /** The codes that are right. */
  readonly expected: readonly number[];
  /** Sends it and returns the code that came back: an HTTP status, or a status of gRPC. */
  send(): Promise<number>;
  /** What a code says of the event. @default that of HTTP's statuses */
  outcomeOf?(code: number): Outcome;
}

/** Sends a probe, keeps it in the client's ledger, and notes where the answer is another than expected. */
export async function probe(
  { ledger, target, miss, signal }: FaultContext,
  { what, key, body = "", effects = [], expected, send, outcomeOf = ofHttp }: Probe,
): Promise<number> {
  ledger.sending({ key, target, sentAtMs: Date.now(), body, effects });
  const startedMs = performance.now();
  const { status: code } = await whileOverloaded(async () => ({ status: await send() }), signal);
  const latencyMs = performance.now() - startedMs;
  ledger.heard(key, { outcome: outcomeOf(code), status: code, latencyMs, why: what });
  if (!expected.includes(code))
    miss(`${what}: answered ${code}, expected ${expected.join(" or ")}`);
  return code;
}

function ofHttp(status: number): Outcome {
  if (status >= 200 && status < 300) return "acked";
  return status >= 400 && status < 500 ? "refused" : "unknown";
}

/** Codes of gRPC that say that there is no effect: INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED. */
const refusals: readonly number[] = [3, 8, 12];

/** What a status of gRPC says of the event. */
export function ofGrpc(code: number): Outcome {
  if (code === 0) return "acked";
  return refusals.includes(code) ? "refused" : "unknown";
}
