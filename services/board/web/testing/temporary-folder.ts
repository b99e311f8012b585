import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is gone when it is disposed. */
export function temporaryFolder(): Disposable & { readonly dir: string } {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-page-"));
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}
