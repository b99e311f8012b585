import { appendFile } from "node:fs/promises";
import { type KeysFile, keysBytesMax, parseKeysFile } from "../../lib/auth/keys-file.ts";
import { readText } from "../../lib/watch-text.ts";
import { coloured, type Terminal } from "../terminal.ts";

/** Readable and writable by its owner alone. */
const ownerOnly = 0o600;

/**
 * A keys file as it is.
 *
 * @throws Error where it cannot be read.
 */
export async function readKeys(file: string): Promise<KeysFile> {
  const found = await readText(file, keysBytesMax);
  if ("text" in found) return parseKeysFile(found.text);
  throw new Error(`Cannot read the keys in ${file}: ${found.error.message}`, {
    cause: found.error,
  });
}

/**
 * Adds a line to a keys file, which is made where there is none.
 *
 * @throws Error where the file has a fault, or had one then; it stays as it was.
 */
export async function addLine(file: string, line: string): Promise<void> {
  const isNew = !(await Bun.file(file).exists());
  const found = isNew ? { text: "" } : await readText(file, keysBytesMax);
  if ("error" in found) {
    throw new Error(`Cannot add a key to ${file}: ${found.error.message}`, { cause: found.error });
  }
  const { text } = found;
  const added = `${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
  const { faults } = parseKeysFile(text + added);
  if (faults.length > 0) throw new Error(`Cannot add a key to ${file}: ${faults.join("; ")}`);
  await appendFile(file, added, { mode: ownerOnly });
}

/** Tells a file's faults, a line each. */
export function tellFaults(file: string, faults: readonly string[], { err }: Terminal): void {
  for (const fault of faults) err.write(`${coloured(err, "red", `${file} ${fault}`)}\n`);
}
