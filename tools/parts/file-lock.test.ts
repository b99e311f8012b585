import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../lib/testing/until.ts";
import { lockFile } from "./file-lock.ts";

function lockPath() {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-"));
  return {
    path: join(dir, "lock"),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true }),
  };
}

/** Another process that holds the lock until it is killed. */
async function holder(path: string) {
  const script = `
    const { lockFile } = await import(${JSON.stringify(join(import.meta.dir, "file-lock.ts"))});
    globalThis.lock = await lockFile(process.argv[1], { timeoutMs: 5000 });
    console.log("held");
    setInterval(() => {}, 1000);`;
  const child = Bun.spawn([process.execPath, "-e", script, path], { stdout: "pipe" });
  await child.stdout.getReader().read();
  return child;
}

test("a lock is given to one at a time, and again after its disposal", async () => {
  using file = lockPath();
  {
    using _first = await lockFile(file.path, { timeoutMs: 0 });
    const second = lockFile(file.path, { timeoutMs: 0 });
    await expect(second).rejects.toThrow(`held by process ${process.pid}`);
  }
  using _third = await lockFile(file.path, { timeoutMs: 0 });
});

test("who waits is told the holder, and gets the lock when the holder is killed", async () => {
  using file = lockPath();
  const other = await holder(file.path);
  const told: string[] = [];
  const waiting = lockFile(file.path, { timeoutMs: 5_000, onWait: (pid) => told.push(pid) });
  await until("the wait to be told of", () => told.length > 0);
  other.kill("SIGKILL");
  using _lock = await waiting;
  expect(told).toEqual([`${other.pid}`]);
});

test("a wait ends when its signal aborts", async () => {
  using file = lockPath();
  using _lock = await lockFile(file.path, { timeoutMs: 0 });
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(lockFile(file.path, { timeoutMs: 5_000, signal })).rejects.toThrow("enough");
});
