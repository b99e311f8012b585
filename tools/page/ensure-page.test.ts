import { expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { tempDir } from "../../lib/store/testing/temp-dir.ts";
import { ensurePage } from "./ensure-page.ts";

/** A checkout with a page of one file. */
function checkout() {
  const dir = tempDir();
  const web = join(dir.path, "services", "board", "web");
  mkdirSync(join(web, "src"), { recursive: true });
  symlinkSync(resolve(import.meta.dir, "..", "..", "node_modules"), join(dir.path, "node_modules"));
  writeFileSync(join(dir.path, "bun.lock"), "");
  writeFileSync(join(web, "index.html"), '<script type="module" src="./src/main.ts"></script>');
  const write = (text: string) => writeFileSync(join(web, "src", "main.ts"), text);
  write('document.title = "first";');
  const said: string[] = [];
  const assets = join(web, "dist", "assets");
  return {
    web,
    write,
    said,
    ensure: () => ensurePage({ root: dir.path, say: (line) => said.push(line) }),
    scripts: () => readdirSync(assets).map((file) => readFileSync(join(assets, file), "utf8")),
    [Symbol.dispose]: () => dir[Symbol.dispose](),
  };
}

test("ensurePage() builds the page where it is missing or its sources changed, and else does nothing", async () => {
  using page = checkout();
  await page.ensure();
  expect(page.scripts().join()).toContain("first");
  expect(page.said).toEqual(["Building the page ..."]);
  await page.ensure();
  expect(page.said).toHaveLength(1);
  page.write('document.title = "second";');
  await page.ensure();
  expect(page.said).toHaveLength(2);
  expect(page.scripts().join()).toContain("second");
}, 60_000);

test("ensurePage() keeps the page that is there and says why, where the new one cannot be built", async () => {
  using page = checkout();
  await page.ensure();
  page.write("document.title = ;");
  await page.ensure();
  expect(page.said.at(-1)).toStartWith("Cannot build the page, going on with what is there");
  expect(page.scripts().join()).toContain("first");
  expect(readdirSync(page.web).filter((name) => name.startsWith("dist-"))).toEqual([]);
}, 60_000);

test("ensurePage() does nothing in a checkout without a page", async () => {
  using dir = tempDir();
  const say = () => expect.unreachable();
  await ensurePage({ root: dir.path, say });
  expect(existsSync(join(dir.path, "services"))).toBe(false);
});
