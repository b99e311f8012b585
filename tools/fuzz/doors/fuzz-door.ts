import fc from "fast-check";
import { type Finding, findingsMax, sentOf } from "../finding.ts";
import { isId } from "../generate/keys.ts";
import type { Row } from "../row.ts";
import { type Book, type Fate, note } from "./book.ts";
import type { Door } from "./find-doors.ts";
import type { Tried, Trier } from "./try-request.ts";

/** Requests that can be judged, whatever the protocol. */
export interface Judged {
  readonly what: string;
  readonly again: "nothing" | "same" | "other";
}

/** How a door is fuzzed. */
export interface FuzzDoorOptions<R extends Judged> {
  readonly door: Door;
  readonly requests: fc.Arbitrary<R>;
  /** How many requests. */
  readonly count: number;
  readonly seed: number;
  /** Each sends one thing after another. */
  readonly triers: readonly Trier<R>[];
  readonly book: Book;
  readonly signal: AbortSignal;
  readonly onSent: () => void;
}

/** So many are made at a time: all of them together would take gigabytes. */
const atOnce = 500;

/** Sends generated requests to a door and judges each reply. */
export async function fuzzDoor<R extends Judged>(options: FuzzDoorOptions<R>): Promise<Row> {
  const { door, requests, count, seed, triers, signal } = options;
  const startedMs = performance.now();
  const tally = createTally(options);
  for (let from = 0; from < count && !signal.aborted; from += atOnce) {
    const numRuns = Math.min(atOnce, count - from);
    const made = fc.sample(requests, { numRuns, seed: seedOf(seed, from) });
    const left = [...made.entries()].reverse();
    const send = async (trier: Trier<R>) => {
      for (let next = left.pop(); next !== undefined && !signal.aborted; next = left.pop()) {
        const [index, request] = next;
        await tryOne(trier, request, from + index, { tally, signal });
        options.onSent();
      }
    };
    await Promise.all(triers.map(send));
  }
  return tally.row(door.name, performance.now() - startedMs);
}

/** Each stretch has a seed of its own, so that a finding's can be made again without those before it. */
function seedOf(seed: number, from: number): number {
  return (seed * 1_000_003 + from * 31) % 2 ** 31;
}

type Tally = ReturnType<typeof createTally>;

async function tryOne<R extends Judged>(
  trier: Trier<R>,
  request: R,
  index: number,
  { tally, signal }: { readonly tally: Tally; readonly signal: AbortSignal },
): Promise<void> {
  const tried = await trier.first(request);
  // What is cut off by Ctrl-C says nothing of the door.
  if (signal.aborted) return;
  tally.add(request.what, index, tried);
  const { key, reply } = tried;
  if (request.again === "nothing" || fateOf(tally.success, reply.code) !== "taken") return;
  const hasKey = key !== undefined && key !== "";
  const repeated = hasKey ? key : reply.id;
  // The first door claims keys, not the ids that it makes: another body under one of these is for the store to tell.
  if (repeated === undefined || !(hasKey || request.again === "same")) return;
  const second = await trier.again(request, repeated, request.again);
  if (signal.aborted) return;
  const { faults } = second;
  const isOther = second.reply.id !== reply.id && second.faults.length === 0;
  const more = isOther && request.again === "same" ? ["a repeat has another id"] : [];
  tally.add(`${request.what}, again`, index, { ...second, faults: [...faults, ...more] });
}

function fateOf(success: number, code: number | undefined): Fate {
  if (code === undefined) return "unknown";
  if (code === success) return "taken";
  // gRPC: DEADLINE_EXCEEDED, UNAVAILABLE and whatever is no refusal; HTTP: 5xx.
  if (success === 0) return [3, 6, 8, 12, 16].includes(code) || code < 0 ? "refused" : "unknown";
  return code >= 400 && code < 500 ? "refused" : code < 400 ? "refused" : "unknown";
}

function createTally({
  door,
  seed,
  book,
}: Pick<FuzzDoorOptions<Judged>, "door" | "seed" | "book">) {
  const counts = { sent: 0, taken: 0, refused: 0, unknown: 0 };
  const codes = new Map<string, number>();
  const findings: Finding[] = [];
  let found = 0;
  return {
    success: door.success,
    add(what: string, index: number, { key, reply, faults, sent }: Tried): void {
      const fate = fateOf(door.success, reply.code);
      counts.sent += 1;
      counts[fate] += 1;
      const code = `${reply.code ?? "none"}`;
      codes.set(code, (codes.get(code) ?? 0) + 1);
      note(book, fate, [reply.id, key !== undefined && isId(key) ? key : undefined]);
      found += faults.length;
      for (const fault of faults) {
        if (findings.length >= findingsMax) break;
        findings.push({
          at: door.name,
          what: `${what}: ${fault}`,
          seed,
          index,
          sent: sentOf(sent),
        });
      }
    },
    row: (place: string, tookMs: number): Row => {
      const { unknown: other, ...rest } = counts;
      const sorted = [...codes].sort(([a], [b]) => a.localeCompare(b));
      const notes = [sorted.map(([code, many]) => `${code}: ${many}`).join(", ")];
      return { part: "doors", place, ...rest, other, tookMs, notes, findings, found };
    },
  };
}
