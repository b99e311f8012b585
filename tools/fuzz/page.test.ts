import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { explanation, pageOf } from "./page.ts";
import type { Row } from "./row.ts";
import { tableLines } from "./table.ts";

const root = resolve(import.meta.dir, "..", "..");
const good: Row = {
  ...{ part: "doors", place: "POST /x", sent: 1_000, taken: 300, refused: 690, other: 10 },
  ...{ tookMs: 500, notes: ["200: 300"], findings: [], found: 0 },
};
const finding = { at: "POST /x", what: "answered 500", seed: 1, index: 7 };
const bad: Row = { ...good, place: "POST /y", findings: [finding], found: 1 };

test("docs/fuzzing.md says what the tool says of itself, and names tests that are there", () => {
  const page = readFileSync(join(root, "docs", "fuzzing.md"), "utf8");
  expect(page).toContain(explanation);
  const files = [...explanation.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, file = ""]) => file);
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test("a page has the figures of its rows and every finding", () => {
  const facts = { command: "bun run fuzz --page", date: new Date(0), tookMs: 60_000 };
  const page = pageOf([good, bad], facts);
  for (const part of [
    "POST /x",
    "**answered 500**",
    "2,000 requests",
    "1 of 2 rows",
    "1970-01-01",
  ]) {
    expect(page).toContain(part);
  }
});

test("the table's last line counts rows with findings as failed", () => {
  const lines = tableLines([good, bad]);
  expect(lines[1]).toMatch(/^doors +POST \/x +1000 +300 +690 +10 +2000 +0$/);
  expect(lines.at(-1)).toBe("1 passed, 1 failed");
});
