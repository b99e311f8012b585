import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is gone when it is disposed. */
export interface TempDir extends Disposable {
  readonly path: string;
}

/** Makes an empty folder. */
export function tempDir(): TempDir {
  const path = mkdtempSync(join(tmpdir(), "store-"));
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
