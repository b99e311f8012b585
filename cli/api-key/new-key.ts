import { digestOf, hintOf, newApiKey } from "../../lib/auth/api-key.ts";
import { exitCodes } from "../arguments/exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import type { NewKey } from "./arguments.ts";
import { addLine } from "./key-file.ts";
import { keyLine } from "./key-line.ts";

/** `api-key new`: the line is written before the key is told, so that no key is told that does not count. */
export async function newKey(asked: NewKey, { out, err }: Terminal): Promise<number> {
  const { client, file, json } = asked;
  const key = newApiKey();
  const line = keyLine(key, asked);
  if (file !== undefined) await addLine(file, line);
  if (json) {
    out.write(`${JSON.stringify({ client, key, hint: hintOf(digestOf(key)), line })}\n`);
    return exitCodes.done;
  }
  err.write(
    `The key of ${client}, shown this once; clients send it as "Authorization: Bearer …":\n`,
  );
  out.write(`${key}\n`);
  if (file !== undefined) {
    err.write(`Its line is in ${file}.\n`);
    return exitCodes.done;
  }
  err.write("Its line, for the file that API_KEYS_FILE names:\n");
  out.write(`${line}\n`);
  return exitCodes.done;
}
