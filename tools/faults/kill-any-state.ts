import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A round that held. */
export interface Round {
  readonly number: number;
  /** Who was killed, and when. */
  readonly title: string;
  readonly sent: number;
  readonly acked: number;
  readonly refused: number;
  readonly unknown: number;
  readonly effects: number;
  readonly tookMs: number;
}

/** The rounds that were done in a row. */
export interface Rounds {
  readonly seed: number;
  readonly rate: number;
  readonly done: readonly Round[];
}

const fileIn = (dir: string) => join(dir, "kill-any.json");

/** What is known of rounds that were done before; undefined where there were none. */
export function readRounds(dir: string): Rounds | undefined {
  if (!existsSync(fileIn(dir))) return undefined;
  return JSON.parse(readFileSync(fileIn(dir), "utf8")) as Rounds;
}

/** Keeps them; a reader sees the old or the new ones, whole. */
export function writeRounds(dir: string, rounds: Rounds): void {
  mkdirSync(dir, { recursive: true });
  const next = `${fileIn(dir)}.next`;
  writeFileSync(next, `${JSON.stringify(rounds, undefined, 2)}\n`);
  renameSync(next, fileIn(dir));
}
