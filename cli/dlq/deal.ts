import { readLetter } from "../../lib/delivery/letter.ts";
import type { EventId } from "../../lib/event/event-id.ts";
import { progressBar } from "../../lib/progress-bar.ts";
import { exitCodes } from "../arguments/exit-codes.ts";
import type { LanePlace, Places } from "../places/place.ts";
import type { Terminal } from "../terminal.ts";
import type { DlqArguments } from "./arguments.ts";
import { type FoundLetter, lanesOf, lettersIn, readLane, withoutBody } from "./find-letters.ts";
import { tellMissing } from "./missing.ts";
import { type Deed, type Outcome, tellOutcomes } from "./outcome.ts";

/** Letters that are dealt with in one step; Ctrl-C comes between two. */
const batchMax = 100;

/** How a command deals with the letters of one lane. */
export interface Dealer extends AsyncDisposable {
  /** Deals with letters, and answers for each, in order. */
  deal(letters: readonly FoundLetter[]): Promise<readonly Outcome[]>;
}

/** A command that takes letters out of waiting. */
export interface DealingCommand {
  readonly deed: Deed;
  /** Why a letter is left as it is; undefined where it is not. */
  refuse(found: FoundLetter): string | undefined;
  open(place: LanePlace): Dealer;
}

interface Chosen {
  readonly found: FoundLetter;
  readonly why: string | undefined;
}

/** Chooses letters first and deals with them then, the oldest first, lane by lane. */
export async function deal(
  places: Places,
  args: DlqArguments,
  terminal: Terminal,
  command: DealingCommand,
): Promise<number> {
  const chosen = await choose(places, args, command, terminal.signal);
  const outcomes = tellOutcomes(command.deed, args.json, terminal);
  if (terminal.signal.aborted) return outcomes.end(true);
  const missing = tellMissing(
    args.selection.ids,
    chosen.map(({ found }) => found),
    terminal,
  );
  outcomes.add(
    chosen.flatMap(({ found, why }) =>
      why === undefined ? [] : [{ found, kind: "refused", why }],
    ),
  );
  const accepted = chosen.flatMap(({ found, why }) => (why === undefined ? [found] : []));
  if (args.dryRun) {
    outcomes.add(accepted.map((found) => ({ found, kind: "planned" })));
    return Math.max(missing, outcomes.end(false));
  }
  const bar = args.json ? () => {} : progressBar(accepted.length, terminal.err);
  let done = 0;
  for (const [place, letters] of Map.groupBy(accepted, (each) => each.place)) {
    await using dealer = command.open(place);
    for await (const dealt of dealWith(dealer, place, letters)) {
      outcomes.add(dealt);
      done += dealt.length;
      bar(done);
      if (terminal.signal.aborted) return outcomes.end(done < accepted.length);
    }
  }
  const code = outcomes.end(false);
  return missing === exitCodes.done ? code : missing;
}

/** Deals with the letters of one lane, a batch at a time, for as long as that leads anywhere. */
async function* dealWith(
  dealer: Dealer,
  place: LanePlace,
  letters: readonly FoundLetter[],
): AsyncIterable<readonly Outcome[]> {
  const left = new Map(letters.map((each) => [each.waiting.id, each]));
  for await (const batch of batchesOf(place, letters)) {
    const dealt = await dealer.deal(batch).catch((error: unknown) => failed(batch, error));
    for (const { waiting } of batch) left.delete(waiting.id);
    yield dealt;
    if (dealt.some(({ kind }) => kind === "done")) continue;
    // Who cannot do any of a hundred will not do the next ones.
    yield failed([...left.values()], "not tried: nothing before it could be done");
    return;
  }
}

function failed(batch: readonly FoundLetter[], error: unknown): readonly Outcome[] {
  const why = error instanceof Error ? error.message : String(error);
  return batch.map((found) => ({ found, kind: "failed", why }));
}

/** What is chosen, without bodies: there may be many. */
async function choose(
  places: Places,
  { selection }: DlqArguments,
  { refuse }: DealingCommand,
  signal: AbortSignal,
): Promise<readonly Chosen[]> {
  const chosen: Chosen[] = [];
  const nowMs = Date.now();
  let { limit } = selection;
  for (const place of lanesOf(places, selection)) {
    for await (const each of lettersIn(place, { ...selection, limit }, "oldest", nowMs)) {
      if (signal.aborted) return [];
      chosen.push({ found: withoutBody(each), why: refuse(each) });
    }
    limit = selection.limit && selection.limit - chosen.length;
    if (limit === 0) break;
  }
  return chosen;
}

/** Reads chosen letters again, whole, a batch at a time. */
async function* batchesOf(place: LanePlace, chosen: readonly FoundLetter[]) {
  const ids = new Set<EventId>(chosen.map(({ waiting }) => waiting.id));
  const where = { pipeline: place.pipeline.name, lane: place.lane };
  let batch: FoundLetter[] = [];
  for await (const waiting of readLane(place, { first: "oldest", ids })) {
    batch.push({ place, waiting, letter: readLetter(waiting.message, waiting.id, where) });
    if (batch.length < batchMax) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
