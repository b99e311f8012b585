import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { waivers } from "../../charts/waivers.ts";
import { readManifests } from "./objects.ts";
import { reportOf } from "./report.ts";
import { lintByRules } from "./rule-linter.ts";
import { absentChecks, unreadKinds } from "./rules/absent-kinds.ts";
import { allRules } from "./rules/all-rules.ts";
import { waiversPage } from "./waivers-page.ts";

const root = join(import.meta.dir, "..", "..");
const files = readManifests(join(root, "dist"));

describe("dist/", () => {
  test("has nothing that our rules find beyond the waivers, of which each covers something", () => {
    const { lines, faults } = reportOf([lintByRules(files, allRules)], waivers);
    expect([lines.slice(1), faults]).toEqual([[], 0]);
  });

  test("has no object of the kinds that we have no rules for", () => {
    const made = new Set(files.flatMap(({ objects }) => objects.map(({ kind }) => kind)));
    const kinds = [...absentChecks.flatMap((each) => each.kinds), ...unreadKinds];
    expect(kinds.filter((kind) => made.has(kind))).toEqual([]);
  });
});

test("no two rules have one name, and none is among those without objects", () => {
  const names = [...allRules, ...absentChecks].map(({ check }) => check);
  expect(new Set(names).size).toBe(names.length);
});

test("docs/cluster/waivers.md tells the waivers", async () => {
  const page = await Bun.file(join(root, "docs/cluster/waivers.md")).text();
  expect(page).toBe(waiversPage(waivers));
});
