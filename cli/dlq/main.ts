import { findPlaces } from "../places/find-places.ts";
import { runCommand } from "../run-command.ts";
import { dlq } from "./dlq.ts";

await runCommand((terminal) =>
  dlq(process.argv.slice(2), terminal, {
    find: (options) => findPlaces({ ...options, env: process.env }),
    editor: process.env.EDITOR,
    read: (file) => (file === "-" ? Bun.stdin : Bun.file(file)).text(),
  }),
);
