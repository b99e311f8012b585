import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { builtPage } from "./testing/built-page.ts";

const compressedBytesMax = 250_000;

test("the built page is small, whole, and has nothing in it that its security policy forbids", async () => {
  using page = await builtPage();
  const names = readdirSync(page.dir, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => name.includes("."));
  const bytes = files.map((name) => Bun.gzipSync(readFileSync(join(page.dir, name))).length);
  expect(bytes.reduce((all, each) => all + each, 0)).toBeLessThan(compressedBytesMax);
  // A board serves the page itself and what is under assets/, whose names change with what is in them.
  expect(
    files.filter((name) => !/^index\.html$|^assets\/.+-[\w-]{8}\.(js|css|svg)$/.test(name)),
  ).toEqual([]);
  const html = readFileSync(join(page.dir, "index.html"), "utf8");
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)|"\/[^"]/);
}, 60_000);
