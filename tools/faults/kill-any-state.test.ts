import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRounds, writeRounds } from "./kill-any-state.ts";

test("rounds that were done are found again", () => {
  const dir = mkdtempSync(join(tmpdir(), "kill-any-"));
  expect(readRounds(dir)).toBeUndefined();
  const round = { number: 1, title: "kafka1 after 5 ms", sent: 3, acked: 1, refused: 1 };
  const rounds = { seed: 7, rate: 2_000, done: [{ ...round, unknown: 1, effects: 2, tookMs: 9 }] };
  writeRounds(dir, rounds);
  expect(readRounds(dir)).toEqual(rounds);
  rmSync(dir, { recursive: true });
});
