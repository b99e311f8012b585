import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { supervisorOf } from "./run-state.ts";
import { summary } from "./summary.ts";

/** What a detached start needs. */
export interface DetachOptions {
  readonly dir: string;
  /** What runs. */
  readonly pipelines: readonly AnyPipeline[];
  /** The command line of the same start in the foreground. */
  readonly command: readonly string[];
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  readonly print: (text: string) => void;
}

/** Longer than the longest installation may take, all its own limits together. */
const startTimeoutMs = 2_400_000;
const pollMs = 50;

/** Passes on what is appended to a file. */
function follow(file: string, say: (text: string) => void): () => void {
  let shown = 0;
  return () => {
    const text = readFileSync(file, "utf8");
    if (text.length > shown) say(text.slice(shown));
    shown = text.length;
  };
}

/** Starts the command as a process of its own session and returns once it says that all is ready. */
export async function detach(options: DetachOptions): Promise<void> {
  const { dir, pipelines, command, signal, say, print } = options;
  const running = supervisorOf(dir);
  if (running) {
    throw new Error(
      `Cannot start: process ${running.pid} runs it already: \`npm run down\` ends that`,
    );
  }
  mkdirSync(dir, { recursive: true });
  const file = join(dir, "up.log");
  const log = openSync(file, "w");
  const [program = "", ...args] = command;
  const child = spawn(program, args, { detached: true, stdio: ["ignore", "ignore", log] });
  const read = openSync(file, "r");
  closeSync(log);
  const showNew = follow(`/dev/fd/${read}`, say);
  let ended: string | undefined;
  child.once("exit", (code, name) => {
    ended = name ?? `code ${code}`;
  });
  signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  try {
    const limitMs = performance.now() + startTimeoutMs;
    while (performance.now() < limitMs) {
      const state = supervisorOf(dir);
      const ready = state?.phase === "ready" && state.pid === child.pid ? state : undefined;
      showNew();
      if (ready) return print(summary(pipelines, ready));
      if (ended !== undefined) throw new Error(`Cannot start: it ended with ${ended}`);
      await Bun.sleep(pollMs);
    }
    child.kill("SIGTERM");
    throw new Error(`Cannot start: it was not ready within ${startTimeoutMs} ms`);
  } finally {
    child.unref();
    closeSync(read);
  }
}
