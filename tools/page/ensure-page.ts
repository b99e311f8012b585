import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reasonOf } from "../../lib/store/reason-of.ts";
import { succeed } from "../run-program.ts";

/** Where the page's sources are, from the root of the checkout; what is built goes into `dist` there. */
const web = "services/board/web";
const buildTimeoutMs = 120_000;

/** What the page is made of, besides the packages of the lock file. */
const sources = [
  `${web}/{index.html,vite.config.ts,types.ts}`,
  `${web}/src/**/*`,
  "lib/pipeline/view.ts",
  "bun.lock",
];

/** What to do besides. */
export interface EnsurePageOptions {
  /** The root of the checkout. */
  readonly root: string;
  /** Gets a line before it takes a while, and where the page cannot be built. */
  readonly say: (line: string) => void;
}

/**
 * Builds the board's page where it is missing or older than its sources; resolves when it is there, or cannot be: a board
 * without its page says so itself.
 */
export async function ensurePage({ root, say }: EnsurePageOptions): Promise<void> {
  if (!existsSync(join(root, web, "index.html"))) return;
  const dist = join(root, web, "dist");
  const stampFile = join(dist, ".sources");
  const stamp = await stampOf(root);
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  say("Building the page ...");
  // Beside the old one, which may be served meanwhile.
  const built = `${dist}-${process.pid}`;
  try {
    const vite = join("node_modules", "vite", "bin", "vite.js");
    const command = [process.execPath, "--bun", vite, "build", web, "--outDir", built];
    await succeed({ command, cwd: root, timeoutMs: buildTimeoutMs });
    writeFileSync(join(built, ".sources"), stamp);
    rmSync(dist, { recursive: true, force: true });
    renameSync(built, dist);
  } catch (error) {
    rmSync(built, { recursive: true, force: true });
    say(`Cannot build the page, going on with what is there: ${reasonOf(error)}`);
  }
}

async function stampOf(root: string): Promise<string> {
  const hash = createHash("sha256");
  for (const pattern of sources) {
    const files = [...new Bun.Glob(pattern).scanSync({ cwd: root, dot: true })].sort();
    for (const file of files) {
      hash.update(`${file}\0`).update(await Bun.file(join(root, file)).bytes());
    }
  }
  return hash.digest("hex");
}
