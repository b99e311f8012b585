import { runSecrets } from "./run.ts";

process.exit(await runSecrets(process.env, (line) => process.stdout.write(`${line}\n`)));
