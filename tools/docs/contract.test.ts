import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dir, "../..");
const text = readFileSync(join(root, "docs/contract.md"), "utf8");
const rows = text.split("\n").filter((line) => /^\| (?!part|case|---)/.test(line));
const named = [...text.matchAll(/`([\w./-]+\.(?:test|suite)\.ts)` "([^"]+)"/g)].map(
  ([, file = "", title = ""]) => ({ file, title }),
);

test("docs/contract.md names for every row a test that is there", () => {
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter((row) => !/\.(?:test|suite)\.ts` "/.test(row))).toEqual([]);
  const astray = named.filter(
    ({ file, title }) =>
      !existsSync(join(root, file)) || !readFileSync(join(root, file), "utf8").includes(title),
  );
  expect(astray).toEqual([]);
});
