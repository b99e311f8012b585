import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog, type LogFields } from "../../log.ts";
import { digestOf, newApiKey } from "../api-key.ts";

/** A fresh key of a client and its line for a file, with `options` behind it. */
export function testKey(client: string, options = "") {
  const key = newApiKey();
  const digest = digestOf(key).toString("hex");
  return { key, digest, line: `${client} ${digest} ${options}`.trim() };
}

/** A keys file of these lines, in a folder that ends with it. */
export function keysFile(...lines: readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-keys-"));
  const file = join(dir, "keys");
  /** Puts another file in its place, at once. */
  const replace = (...others: readonly string[]) => {
    writeFileSync(join(dir, "next"), `${others.join("\n")}\n`);
    renameSync(join(dir, "next"), file);
  };
  replace(...lines);
  return {
    dir,
    file,
    replace,
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** The same as Kubernetes mounts it: behind two symbolic links, of which it swaps the first. */
export function mountedKeys(...lines: readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-mount-"));
  let version = 0;
  const swap = (...others: readonly string[]) => {
    version += 1;
    mkdirSync(join(dir, `..${version}`));
    writeFileSync(join(dir, `..${version}`, "keys"), `${others.join("\n")}\n`);
    symlinkSync(`..${version}`, join(dir, "..data_tmp"));
    renameSync(join(dir, "..data_tmp"), join(dir, "..data"));
    rmSync(join(dir, `..${version - 1}`), { recursive: true, force: true });
  };
  swap(...lines);
  symlinkSync(join("..data", "keys"), join(dir, "keys"));
  return {
    file: join(dir, "keys"),
    swap,
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A log whose lines are kept. */
export function keptLog() {
  const lines: (LogFields & { readonly level: string; readonly message: string })[] = [];
  return { lines, log: createLog({}, (line) => lines.push(JSON.parse(line))) };
}
