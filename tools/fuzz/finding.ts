/** Something that should not be, with all that it takes to see it again. */
export interface Finding {
  /** Where: a door, an attack, a lane. */
  readonly at: string;
  /** In a sentence. */
  readonly what: string;
  /** The seed of the run, and the number of what was sent. */
  readonly seed: number;
  readonly index: number;
  /** What was sent, in base64, its first bytes. */
  readonly sent?: string;
}

const sentBytes = 4_096;

/** How many findings of one place are kept; the rest are counted. */
export const findingsMax = 50;

/** The first bytes of what was sent, as a finding keeps them. */
export function sentOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, sentBytes)).toString("base64");
}
