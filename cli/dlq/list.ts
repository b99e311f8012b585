import { exitCodes } from "../arguments/exit-codes.ts";
import type { LanePlace, Places } from "../places/place.ts";
import type { Terminal } from "../terminal.ts";
import type { DlqArguments, Selection } from "./arguments.ts";
import { type FoundLetter, lanesOf, lettersIn, withoutBody } from "./find-letters.ts";
import { letterJson, letterText, table } from "./letter-lines.ts";
import { tellMissing } from "./missing.ts";

const usualLimit = 100;

/** `dlq ls`: the newest letters of all lanes together; as JSON without a limit, lane by lane. */
export async function list(
  places: Places,
  { selection, json }: DlqArguments,
  terminal: Terminal,
): Promise<number> {
  const { out, signal } = terminal;
  const lanes = lanesOf(places, selection);
  const found: FoundLetter[] = [];
  const isTold = json && selection.limit === undefined;
  const limit = json ? selection.limit : (selection.limit ?? usualLimit);
  for await (const each of newestIn(lanes, { ...selection, limit })) {
    if (signal.aborted) return exitCodes.stopped;
    if (isTold) out.write(`${letterJson(each)}\n`);
    // Bodies are not kept for what needs none any more.
    found.push(json && !isTold ? each : withoutBody(each));
  }
  const shown = newestOf(found, limit);
  if (!json) await writeTable(places, lanes, shown, terminal);
  else if (!isTold) for (const each of shown) out.write(`${letterJson(each)}\n`);
  return tellMissing(selection.ids, found, terminal);
}

async function* newestIn(
  lanes: readonly LanePlace[],
  selection: Selection,
): AsyncIterable<FoundLetter> {
  for (const place of lanes) yield* lettersIn(place, selection, "newest", Date.now());
}

async function writeTable(
  places: Places,
  lanes: readonly LanePlace[],
  shown: readonly FoundLetter[],
  { out }: Terminal,
): Promise<void> {
  const tallies = await Promise.all(lanes.map(({ letters }) => letters.tally()));
  const waiting = tallies.reduce((sum, tally) => sum + tally.waiting, 0);
  const lines = shown.length === 0 ? [] : [...table(shown, out), ""];
  const count = waiting === 1 ? "1 letter waits" : `${waiting} letters wait`;
  const part = shown.length === waiting ? "" : `, ${shown.length} of them listed`;
  out.write(`${[...lines, `${count} in ${places.where}${part}.`].join("\n")}\n`);
}

/** `dlq show`: letters whole, by their ids. */
export async function show(
  places: Places,
  { selection, json }: DlqArguments,
  terminal: Terminal,
): Promise<number> {
  const found: FoundLetter[] = [];
  for (const place of lanesOf(places, selection)) {
    for await (const each of lettersIn(place, selection, "oldest", Date.now())) {
      const text = json ? letterJson(each) : letterText(each, terminal.out);
      terminal.out.write(`${text}\n`);
      found.push(each);
    }
  }
  return tellMissing(selection.ids, found, terminal);
}

function newestOf(found: readonly FoundLetter[], limit: number | undefined) {
  const at = ({ letter }: FoundLetter) => letter.lastAt ?? "";
  return found.toSorted((a, b) => (at(a) < at(b) ? 1 : at(a) > at(b) ? -1 : 0)).slice(0, limit);
}
