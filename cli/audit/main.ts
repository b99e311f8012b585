import { findPlaces } from "../places/find-places.ts";
import { runCommand } from "../run-command.ts";
import { audit } from "./audit.ts";

await runCommand((terminal) =>
  audit(process.argv.slice(2), terminal, {
    find: (options) => findPlaces({ ...options, env: process.env }),
  }),
);
