import { join } from "node:path";
import { build } from "vite";
import { temporaryFolder } from "./temporary-folder.ts";

/** Builds the page as people get it: into `dir`, or where a board finds it. */
export async function buildPage(dir?: string): Promise<void> {
  const outDir = dir === undefined ? {} : { outDir: dir, emptyOutDir: true };
  await build({
    root: join(import.meta.dir, ".."),
    logLevel: "warn",
    build: outDir,
  });
}

/** The page, built into a folder of its own. */
export async function builtPage(): Promise<Disposable & { readonly dir: string }> {
  const folder = temporaryFolder();
  await buildPage(folder.dir);
  return folder;
}
