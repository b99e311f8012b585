import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const file = readFileSync(join(import.meta.dir, "votes.json"), "utf8");
const votes = JSON.parse(file) as Record<string, unknown>[];

test("the file has 1,000 votes, a row each, of texts alone", () => {
  expect(votes.length).toBe(1_000);
  expect(file.trim().split("\n").length).toBe(1_002);
  for (const vote of votes) {
    expect(Object.keys(vote)).toEqual(["name", "album", "year", "rank"]);
    expect(Object.values(vote).every((each) => typeof each === "string" && each !== "")).toBe(true);
    expect(vote.year).toMatch(/^(19|20)\d\d$/);
    expect(vote.rank).toMatch(/^[1-4]$/);
  }
});

test("about forty bands have several albums, each of one band and one year", () => {
  const albums = new Map<unknown, Set<string>>();
  const yearsAndBands = new Map<unknown, Set<string>>();
  for (const { name, album, year } of votes) {
    albums.set(name, (albums.get(name) ?? new Set()).add(String(album)));
    yearsAndBands.set(album, (yearsAndBands.get(album) ?? new Set()).add(`${name} ${year}`));
  }
  expect(albums.size).toBe(42);
  expect([...albums.values()].every(({ size }) => size > 1)).toBe(true);
  expect([...yearsAndBands.values()].every(({ size }) => size === 1)).toBe(true);
  expect(new Set(votes.map(({ rank }) => rank)).size).toBe(4);
});
