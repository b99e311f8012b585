import type { Finding } from "./finding.ts";

/** What a part of a run came to at one place. */
export interface Row {
  readonly part: Part;
  /** Where: a door, a target of raw bytes, a lane, a description. */
  readonly place: string;
  readonly sent: number;
  readonly taken: number;
  readonly refused: number;
  /** What was neither: cut off, too late, without an answer. */
  readonly other: number;
  readonly tookMs: number;
  /** Figures, in words. */
  readonly notes: readonly string[];
  /** The first of them. */
  readonly findings: readonly Finding[];
  /** How many there were. */
  readonly found: number;
}

/** The parts of a run. */
export const parts = ["doors", "raw", "brokers", "openapi"] as const;

/** One of `parts`. */
export type Part = (typeof parts)[number];

/** Whether nothing was found. */
export function holds({ found }: Row): boolean {
  return found === 0;
}
