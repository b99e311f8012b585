import { hintOf } from "../../lib/auth/api-key.ts";
import type { KeyLine } from "../../lib/auth/keys-file.ts";
import { exitCodes } from "../arguments/exit-codes.ts";
import { coloured, columnsOf, type Terminal } from "../terminal.ts";
import { readKeys, tellFaults } from "./key-file.ts";
import { instantOf } from "./key-line.ts";

/** `api-key ls`: the keys of a file, in its order. */
export async function listKeys(file: string, json: boolean, terminal: Terminal): Promise<number> {
  const { out } = terminal;
  const { keys, faults } = await readKeys(file);
  if (faults.length > 0) {
    tellFaults(file, faults, terminal);
    return exitCodes.failed;
  }
  const nowMs = Date.now();
  if (json) for (const key of keys) out.write(`${JSON.stringify(shownKey(key, nowMs))}\n`);
  else {
    const rows = keys.map((key) => {
      const { client, hint, rate, until, ended } = shownKey(key, nowMs);
      return [client, hint, `${rate ?? "-"}`, `${until ?? "-"}${ended ? " (ended)" : ""}`];
    });
    const [head = "", ...lines] = columnsOf([["CLIENT", "HINT", "RATE", "UNTIL"], ...rows]);
    out.write(`${[coloured(out, "bold", head), ...lines].join("\n")}\n`);
  }
  return exitCodes.done;
}

/** `api-key check`: whether services could use a file. */
export async function checkKeys(file: string, terminal: Terminal): Promise<number> {
  const { keys, faults } = await readKeys(file);
  tellFaults(file, faults, terminal);
  if (faults.length > 0) return exitCodes.failed;
  const clients = new Set(keys.map(({ client }) => client)).size;
  const told = keys.length === 0 ? "no key: every event would be refused" : "no fault";
  terminal.out.write(`${file} has ${keys.length} keys of ${clients} clients and ${told}.\n`);
  return exitCodes.done;
}

function shownKey({ client, digest, ratePerSecond, untilMs }: KeyLine, nowMs: number) {
  return {
    client,
    hint: hintOf(Buffer.from(digest, "hex")),
    rate: ratePerSecond,
    until: untilMs === undefined ? undefined : instantOf(untilMs),
    ended: untilMs !== undefined && untilMs <= nowMs,
  };
}
