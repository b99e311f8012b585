import { Database } from "bun:sqlite";
import { readFileSync, writeFileSync } from "node:fs";

/** How long to wait for a lock, and what to do meanwhile. */
export interface FileLockOptions {
  readonly timeoutMs: number;
  /** Told once, with the holder's pid as far as it is known, when another process has to be waited for. */
  readonly onWait?: (pid: string) => void;
  /** Ends the wait early. */
  readonly signal?: AbortSignal | undefined;
}

const pollMs = 100;

function tryLock(database: Database): boolean {
  try {
    database.run("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "SQLITE_BUSY") return false;
    throw error;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "unknown";
  }
}

/**
 * Holds the file `path` against other processes until disposed. The lock is SQLite's, so the system
 * itself gives it back when the holder dies, and no lock is ever stale.
 */
export async function lockFile(path: string, options: FileLockOptions): Promise<Disposable> {
  const database = new Database(path);
  const limitMs = performance.now() + options.timeoutMs;
  try {
    for (let told = false; !tryLock(database); await Bun.sleep(pollMs)) {
      options.signal?.throwIfAborted();
      const holder = read(`${path}.pid`);
      if (performance.now() > limitMs) {
        throw new Error(
          `Cannot lock ${path}: waited ${options.timeoutMs} ms: held by process ${holder}`,
        );
      }
      if (!told) options.onWait?.(holder);
      told = true;
    }
  } catch (error) {
    database.close();
    throw error;
  }
  writeFileSync(`${path}.pid`, `${process.pid}`);
  return { [Symbol.dispose]: () => database.close() };
}
