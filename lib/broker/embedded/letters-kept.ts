import type { Lane } from "./lane.ts";

/** What a lane of dead letters keeps. */
export interface LetterBounds {
  readonly bytesMax: number;
  readonly ageMaxMs: number;
}

/** Messages that one commit lets go of at most. */
const trimMax = 1_000;

/** Where a lane of dead letters stands once the oldest that are too many or too old are left out. */
export function lettersKept(
  { statements }: Lane,
  stands: { readonly first: number; readonly next: number; readonly bytes: number },
  { bytesMax, ageMaxMs }: LetterBounds,
  nowMs: number,
): Pick<Lane, "first" | "settled"> & { readonly bytes: number } {
  let { first, bytes } = stands;
  for (const row of statements.sizes.iterate(first, trimMax)) {
    if (bytes <= bytesMax && row.at >= nowMs - ageMaxMs) break;
    first = row.offset + 1;
    bytes -= row.bytes;
  }
  // Nobody has to settle a letter before it may go.
  return { first, settled: stands.next, bytes };
}
