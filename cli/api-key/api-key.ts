import { exitCodes } from "../arguments/exit-codes.ts";
import type { Terminal } from "../terminal.ts";
import { readArguments } from "./arguments.ts";
import { helpOf } from "./help.ts";
import { checkKeys, listKeys } from "./list-keys.ts";
import { newKey } from "./new-key.ts";

/** Runs `api-key` and answers its exit code. */
export async function apiKey(args: readonly string[], terminal: Terminal): Promise<number> {
  const asked = readArguments(args);
  switch (asked.command) {
    case "help":
      terminal.out.write(helpOf(asked.about));
      return exitCodes.done;
    case "new":
      return await newKey(asked, terminal);
    case "ls":
      return await listKeys(asked.file, asked.json, terminal);
    case "check":
      return await checkKeys(asked.file, terminal);
  }
}
