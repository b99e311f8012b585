import { runCommand } from "../run-command.ts";
import { apiKey } from "./api-key.ts";

await runCommand((terminal) => apiKey(process.argv.slice(2), terminal));
