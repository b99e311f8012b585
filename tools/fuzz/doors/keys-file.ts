import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyLine } from "../../../cli/api-key/key-line.ts";
import { newApiKey } from "../../../lib/auth/api-key.ts";

/** A file of clients' keys that holds one, and the key itself. */
export interface KeysFile extends Disposable {
  readonly file: string;
  readonly key: string;
}

/** Writes such a file, which ends with it. */
export function keysFile(): KeysFile {
  const folder = mkdtempSync(join(tmpdir(), "tweet-pipeline-keys-"));
  const file = join(folder, "keys");
  const key = newApiKey();
  const line = keyLine(key, { client: "fuzz", ratePerSecond: undefined, untilMs: undefined });
  writeFileSync(file, `${line}\n`, { mode: 0o600 });
  return { file, key, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
