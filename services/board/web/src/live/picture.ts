import type { Snapshot } from "../api/shapes.ts";

/** The parts of a snapshot that may be away on their own. */
export const parts = ["state", "ledger", "lag", "deadLetters", "logs"] as const;

/** One of `parts`. */
export type Part = (typeof parts)[number];

/** What the page shows: the last that was known of every part. */
export interface Picture extends Snapshot {
  /** When a part that is away was last known, in the board's time. */
  readonly awaySinceMs: Readonly<Partial<Record<Part, number>>>;
}

/** The picture after a snapshot: what is away in the snapshot stays as it was last known. */
export function develop(picture: Picture | undefined, snapshot: Snapshot): Picture {
  const away: Partial<Record<Part, number>> = {};
  const kept: Partial<Record<Part, Snapshot[Part]>> = {};
  for (const part of parts) {
    if (snapshot[part] !== null) continue;
    kept[part] = picture?.[part] ?? null;
    away[part] = picture?.awaySinceMs[part] ?? picture?.at ?? snapshot.at;
  }
  return { ...snapshot, ...kept, awaySinceMs: away } as Picture;
}
