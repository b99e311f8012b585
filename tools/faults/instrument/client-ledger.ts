import { closeSync, openSync, writeSync } from "node:fs";

/** What a client knows of an event: 2xx, 4xx, or anything else, a missing reply included. */
export type Outcome = "acked" | "refused" | "unknown";

/** A count of the state that an event raises, and by how much: `<key>`, or `<key> <field>` of a hash. */
export type Effect = readonly [name: string, by: number];

/** One request, as it is about to be sent. */
export interface Sending {
  /** The client's idempotency key; a UUIDv7 is the event's id as well. */
  readonly key: string;
  /** Where it goes. */
  readonly target: string;
  readonly sentAtMs: number;
  readonly body: string;
  readonly effects: readonly Effect[];
}

/** What became of it. */
export interface Reply {
  readonly outcome: Outcome;
  /** 0 where no reply came. */
  readonly status: number;
  readonly latencyMs: number;
  /** The event's id, where the reply tells it. */
  readonly id?: string | undefined;
  /** Why it was not acknowledged. */
  readonly why?: string | undefined;
}

/** All that a client knows of one key. */
export interface LedgerEntry extends Sending {
  /** What is known after the last reply: acknowledged once is acknowledged for good, and unknown outweighs refused. */
  outcome: Outcome | undefined;
  /** What the first reply said. */
  first: Outcome | undefined;
  id: string;
  why: string | undefined;
  /** Why the first reply was no success. */
  firstWhy: string | undefined;
}

/** What clients sent and heard: an append-only file of JSON lines, and the same in memory. */
export interface ClientLedger extends Disposable {
  readonly file: string;
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  /** Written before the request is sent. */
  sending(request: Sending): void;
  /** Written when its outcome is known. */
  heard(key: string, reply: Reply): void;
}

const reasonsMax = 4;
const weight: Readonly<Record<Outcome, number>> = { refused: 0, unknown: 1, acked: 2 };

/** Opens a new ledger in `file`. */
export function clientLedger(file: string): ClientLedger {
  const handle = openSync(file, "wx");
  const entries = new Map<string, LedgerEntry>();
  const write = (line: object) => writeSync(handle, `${JSON.stringify(line)}\n`);
  return {
    file,
    entries,
    sending(request) {
      const { key, target, sentAtMs } = request;
      write({ id: key, target, sentAtMs });
      if (entries.has(key)) return;
      const nothing = { outcome: undefined, first: undefined, why: undefined, firstWhy: undefined };
      entries.set(key, { ...request, ...nothing, id: key });
    },
    heard(key, { outcome, status, latencyMs, id, why }) {
      write({ id: key, outcome, status, latencyMs: Math.round(latencyMs * 10) / 10 });
      const entry = entries.get(key);
      if (entry === undefined) return;
      if (entry.first === undefined && outcome !== "acked") entry.firstWhy = why;
      entry.first ??= outcome;
      if (entry.outcome !== undefined && weight[entry.outcome] > weight[outcome]) return;
      entry.outcome = outcome;
      entry.why = outcome === "acked" ? undefined : why;
      if (id !== undefined && outcome === "acked") entry.id = id;
    },
    [Symbol.dispose]: () => closeSync(handle),
  };
}

/** The entries with this outcome; those without a reply are unknown. */
export function entriesThat(ledger: ClientLedger, outcome: Outcome): readonly LedgerEntry[] {
  return [...ledger.entries.values()].filter((each) => (each.outcome ?? "unknown") === outcome);
}

/** What first replies said where they were no success, the most frequent first, each with how often. */
export function firstReasons(ledger: ClientLedger): readonly string[] {
  const counts = new Map<string, number>();
  for (const { firstWhy } of ledger.entries.values()) {
    // What names an address or an id differs every time.
    const kind = firstWhy?.split(/[:{]| the event | proxy| writer/)[0];
    if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).slice(0, reasonsMax);
  return sorted.map(([kind, count]) => `${count} × ${kind}`);
}
