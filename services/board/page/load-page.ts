import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Page, pageFile } from "./page.ts";

/** The page's name among the files that are compiled into a program; `Dockerfile` packs it. */
const packed = /^page\b.*\.tar$/;

/** What all files of the page may weigh together. */
const bytesMax = 16_777_216;

const builtInto = join(import.meta.dir, "..", "web", "dist");

/**
 * The built page: the one that this program was compiled with, else the one in `dir`, where `bun run web` puts it;
 * undefined where there is none.
 *
 * @throws Error where it is larger than 16 MiB.
 */
export async function loadPage(dir: string = builtInto): Promise<Page | undefined> {
  const embedded = Bun.embeddedFiles.find((file) =>
    packed.test("name" in file ? `${file.name}` : ""),
  );
  const page = embedded === undefined ? await fromFolder(dir) : await fromArchive(embedded);
  return page.has("index.html") ? page : undefined;
}

async function fromFolder(dir: string): Promise<Page> {
  if (!existsSync(dir)) return new Map();
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return pageOf(files.map((file) => [file.slice(dir.length + 1), Bun.file(file)]));
}

async function fromArchive(archive: Blob): Promise<Page> {
  const files = await new Bun.Archive(await archive.bytes()).files();
  return pageOf([...files].map(([path, file]) => [path.replace(/^\.\//, ""), file]));
}

async function pageOf(files: readonly (readonly [path: string, file: Blob])[]): Promise<Page> {
  const bytes = files.reduce((sum, [, { size }]) => sum + size, 0);
  if (bytes > bytesMax) {
    throw new Error(
      `Cannot serve the page: its files must weigh up to ${bytesMax} bytes: current value is ${bytes}`,
    );
  }
  const loaded = files.map(
    async ([path, file]) =>
      [path.replaceAll("\\", "/"), pageFile(path, await file.bytes())] as const,
  );
  return new Map(await Promise.all(loaded));
}
