import { expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { readOptions } from "./options.ts";
import { pictures } from "./pictures.ts";

const root = resolve(import.meta.dir, "..", "..");
const images = join(root, "docs", "images");
const bytesMax = 200_000;
const files = pictures.map(({ name }) => `${name}.png`);

test("docs/images has every picture and no other, each up to 200 KB", () => {
  expect(readdirSync(images).sort()).toEqual(files.toSorted());
  expect(files.filter((file) => statSync(join(images, file)).size > bytesMax)).toEqual([]);
});

test("every picture stands in the documentation, and says in words what it shows", () => {
  const texts = ["README.md", "README.es.md", "docs/page.md"].map((file) =>
    readFileSync(join(root, file), "utf8"),
  );
  const told = texts.flatMap((text) =>
    [...text.matchAll(/!\[([^\]]{20,})\]\([\w/]*images\/([\w-]+\.png)\)/g)].map(
      ([, , file]) => file,
    ),
  );
  expect([...new Set(told)].sort()).toEqual(files.toSorted());
});

test("the pictures go where they are asked for, else into the documentation", () => {
  expect(readOptions([])).toEqual({ out: "docs/images" });
  expect(readOptions(["--out", "there"])).toEqual({ out: "there" });
  expect(readOptions(["--help"])).toBeUndefined();
  expect(() => readOptions(["--no-such"])).toThrow("--no-such");
});
