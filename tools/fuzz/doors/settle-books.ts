import { type BoardClient, boardClient } from "../../../loadtest/board.ts";
import { settled } from "../../../loadtest/settled.ts";
import type { Book } from "./book.ts";

/** What the board says after everything has come to rest, and what is wrong with it. */
export interface Settled {
  readonly note: string;
  readonly faults: readonly string[];
}

const limitMs = 120_000;
const shown = 5;

/**
 * Waits until nothing of a pipeline is in flight, and holds its store against what clients know: each event that was taken
 * has its effect, once; nothing that was refused has one; nothing lies aside.
 */
export async function settleBook(
  url: string,
  pipeline: string,
  book: Book,
  signal: AbortSignal,
): Promise<Settled> {
  const board = boardClient(new URL(url), pipeline);
  const ledger = await settled(board, { limitMs, signal });
  const taken = [...book.taken];
  const refused = [...book.refused].filter((id) => !book.taken.has(id));
  const unknown = [...book.unknown].filter((id) => !book.taken.has(id));
  const lost = await board.missing(taken);
  const wrongly = await effectsOf(
    board,
    refused.filter((id) => !book.unknown.has(id)),
  );
  const late = await effectsOf(board, unknown);
  const effects = taken.length + late.length;
  const faults = [
    ...some(lost, "acknowledged events have no effect"),
    ...some(wrongly, "refused events have an effect"),
    ...(ledger.inFlight > 0 ? [`${ledger.inFlight} deliveries are in flight`] : []),
    ...(ledger.stored === effects ? [] : [`${ledger.stored} effects of ${effects} events`]),
    ...(ledger.deadLettered === 0 ? [] : [`${ledger.deadLettered} dead letters`]),
    ...(ledger.closes ? [] : ["the ledger does not close"]),
  ];
  const note = `${pipeline}: ${taken.length} ids acknowledged, ${late.length} of ${unknown.length} unknown ones stored, ${ledger.stored} effects, ${refused.length} refused ids without any, ${ledger.deadLettered} dead letters`;
  return { note, faults: faults.map((fault) => `${pipeline}: ${fault}`) };
}

async function effectsOf(board: BoardClient, ids: readonly string[]): Promise<readonly string[]> {
  const missing = new Set(await board.missing(ids));
  return ids.filter((id) => !missing.has(id));
}

function some(ids: readonly string[], what: string): readonly string[] {
  return ids.length === 0 ? [] : [`${ids.length} ${what}: ${ids.slice(0, shown).join(", ")}`];
}
