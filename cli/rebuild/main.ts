import { findPlaces } from "../places/find-places.ts";
import { runCommand } from "../run-command.ts";
import { rebuild } from "./rebuild.ts";

await runCommand((terminal) =>
  rebuild(process.argv.slice(2), terminal, {
    find: (options) => findPlaces({ ...options, env: process.env }),
    ask: process.stdin.isTTY ? confirm : undefined,
  }),
);
