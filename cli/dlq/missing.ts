import type { EventId } from "../../lib/event/event-id.ts";
import { exitCodes } from "../arguments/exit-codes.ts";
import { coloured, type Terminal } from "../terminal.ts";
import type { FoundLetter } from "./find-letters.ts";

/** Tells which of the ids that were asked for do not wait; the exit code says whether all do. */
export function tellMissing(
  ids: readonly EventId[],
  found: readonly Pick<FoundLetter, "waiting" | "letter">[],
  { err }: Terminal,
): number {
  const there = new Set(found.flatMap(({ waiting, letter }) => [waiting.id, letter.id]));
  const missing = ids.filter((id) => !there.has(id));
  for (const id of missing) {
    err.write(`${coloured(err, "red", `Cannot find ${id}: no such letter waits here`)}\n`);
  }
  return missing.length === 0 ? exitCodes.done : exitCodes.failed;
}
