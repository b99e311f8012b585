import { pause } from "../../../lib/pause.ts";
import { type Answer, post } from "../../../loadtest/post.ts";
import type { ClientLedger, Effect, Outcome, Reply } from "./client-ledger.ts";

/** A request to be sent. */
export interface ClientRequest {
  readonly url: URL;
  readonly body: string;
  readonly effects: readonly Effect[];
}

/** One request that was sent, and when. */
export interface Sample {
  /** When it was due, by the clock of `performance.now`. */
  readonly dueMs: number;
  /** From that moment to the reply. */
  readonly latencyMs: number;
  readonly outcome: Outcome;
}

/** An open-model client: requests leave when they are due, however long replies take. */
export interface OpenClient {
  /** Everything that was heard, in the order of the replies. */
  readonly samples: readonly Sample[];
  /** Requests that were due while as many as may be were waiting for replies; they were not sent. */
  readonly held: number;
  /** Begins to send so many requests a second, until `stop`. */
  start(perSecond: number): void;
  /** Sends no more, and resolves when every reply that is due has come or is given up. */
  stop(): Promise<void>;
  /** Sends one request now, under this key. */
  send(key: string, request: ClientRequest): Promise<Answer>;
}

/** What an open client is made of. */
export interface OpenClientOptions {
  readonly ledger: ClientLedger;
  readonly target: string;
  next(index: number): ClientRequest;
}

const everyMs = 5;

/** The most requests that wait for replies at a time: what is due beyond is held back, and counted. */
export const inFlightMax = 8_000;

/** What an answer tells of the event. */
export function outcomeOf({ status, id }: Answer): Outcome {
  if (status >= 200 && status < 300 && id !== undefined) return "acked";
  return status >= 400 && status < 500 ? "refused" : "unknown";
}

/** The reply as the ledger keeps it. */
export function replyOf(answer: Answer, latencyMs: number): Reply {
  const { kind, detail } = answer.failure;
  const { status, id } = answer;
  return { outcome: outcomeOf(answer), status, latencyMs, id, why: `${kind} ${detail}`.trim() };
}

/** Makes a client that does not send yet. */
export function openClient({ ledger, target, next }: OpenClientOptions): OpenClient {
  const samples: Sample[] = [];
  const waiting = new Set<Promise<unknown>>();
  /** Of ours: what a server does wrong is an outcome. */
  const faults: unknown[] = [];
  let [held, index] = [0, 0];
  let running = new AbortController();
  let loop: Promise<void> = Promise.resolve();

  async function sendDue(key: string, { url, body, effects }: ClientRequest, dueMs: number) {
    ledger.sending({ key, target, sentAtMs: Date.now(), body, effects });
    const answer = await post(url, body, key);
    const latencyMs = performance.now() - dueMs;
    const reply = replyOf(answer, latencyMs);
    ledger.heard(key, reply);
    samples.push({ dueMs, latencyMs, outcome: reply.outcome });
    return answer;
  }

  async function offer(perSecond: number, signal: AbortSignal): Promise<void> {
    const startedMs = performance.now();
    for (let sent = 0; !signal.aborted; await pause(everyMs, signal)) {
      const due = Math.floor(((performance.now() - startedMs) * perSecond) / 1_000);
      for (; sent <= due; sent += 1) {
        if (waiting.size >= inFlightMax) {
          held += 1;
          continue;
        }
        const dueMs = startedMs + (sent * 1_000) / perSecond;
        const sending = sendDue(Bun.randomUUIDv7(), next(index++), dueMs)
          .catch((error: unknown) => faults.push(error))
          .finally(() => waiting.delete(sending));
        waiting.add(sending);
      }
    }
  }

  return {
    samples,
    get held() {
      return held;
    },
    start(perSecond) {
      running = new AbortController();
      loop = offer(perSecond, running.signal);
    },
    async stop() {
      running.abort();
      await loop;
      await Promise.all(waiting);
      if (faults.length > 0) throw faults[0];
    },
    send: (key, request) => sendDue(key, request, performance.now()),
  };
}
