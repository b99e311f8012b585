import { resolve } from "node:path";
import { ensurePage } from "../page/ensure-page.ts";
import { help, readArguments } from "./arguments.ts";
import { detach } from "./detach.ts";
import { down } from "./down.ts";
import { up } from "./up.ts";

const root = resolve(import.meta.dir, "..", "..");
const dir = resolve(root, process.env.RUN_DIR ?? ".run");

/** One Ctrl-C may arrive several times: from the terminal and from the package runner. */
const sameSignalMs = 1_000;

/** The user's wish, no fault: the exit code is the usual one for it. */
class Stopped extends Error {}

function endingSignal(): AbortSignal {
  const ending = new AbortController();
  let firstMs: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (firstMs !== undefined && performance.now() - firstMs > sameSignalMs) process.exit(130);
      firstMs ??= performance.now();
      ending.abort(new Stopped(`stopped by ${signal} before everything was ready`));
    });
  }
  return ending.signal;
}

async function run(): Promise<void> {
  const args = readArguments(process.argv.slice(2));
  if (args.command === "help") return void process.stdout.write(help);
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  if (args.command === "down") return print(await down(root, dir));
  const signal = endingSignal();
  if (args.detach) {
    const foreground = process.argv.slice(1).filter((argument) => argument !== "--detach");
    const say = (text: string) => void process.stderr.write(text);
    const { pipelines } = args;
    const command = [process.execPath, ...foreground];
    return detach({ dir, pipelines, command, signal, say, print });
  }
  const output = process.stderr;
  await ensurePage({ root, say: (line) => void output.write(`${line}\n`) });
  await up({ root, dir, arguments: args, env: process.env, signal, output, print }).catch(
    (error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    },
  );
}

try {
  await run();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(error instanceof Stopped ? 130 : 1);
}
