import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { signalGroup } from "./process-group.ts";

/** How one server process is run, and how its readiness is told. */
export interface ChildSpec {
  readonly name: string;
  readonly command: readonly string[];
  /** The working folder; the log `<name>.log` is appended to in `logDir`. */
  readonly dir: string;
  /** @default dir */
  readonly logDir?: string;
  /** Added to the environment of this process; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** One handshake in the server's own protocol; `false` or a rejection means not yet. */
  readonly ready: () => Promise<boolean>;
  /** @default 60000 */
  readonly readyTimeoutMs?: number;
  /** How long `stop` waits before it kills. @default 15000 */
  readonly stopTimeoutMs?: number;
}

/** How a run of a child ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** True when `stop` or `kill` ended it, false when it ended by itself or by somebody else. */
  readonly asked: boolean;
}

/** A server process in a process group of its own, which dies with this process whatever happens. */
export interface Child {
  readonly name: string;
  readonly logFile: string;
  readonly pid: number | undefined;
  readonly running: boolean;
  /** How long the last start took until it was ready. */
  readonly readyMs: number;
  /** Starts the process and resolves when it is ready; rejects with the log's tail when it is not. */
  start(): Promise<void>;
  /** Ends the process politely (SIGTERM), then by force; safe when it does not run. */
  stop(): Promise<void>;
  /** Sends a deadly signal to the whole group and waits for the end; data stays for the next `start`. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Stops the clock of the process: it keeps its connections and answers nothing. */
  freeze(): void;
  /** Lets a frozen process go on. */
  unfreeze(): void;
  /** `stop`, then `start`. */
  restart(): Promise<void>;
  /** The end of the last run: the same promise until the next `start`, resolved at once before the first. */
  exit(): Promise<ChildExit>;
  /** The last `charsMax` characters of its log. */
  logTail(charsMax?: number): string;
}

const pollMs = 25;

const neverRan = Promise.resolve<ChildExit>({ code: null, signal: null, asked: true });

/** The kernel kills the child when this process dies, by SIGKILL or a crash too. */
const dieWithParent = Bun.which("setpriv") ? ["setpriv", "--pdeathsig", "KILL", "--"] : [];

interface Run {
  readonly process: ChildProcess;
  readonly ended: Promise<ChildExit>;
  asked: boolean;
  done: boolean;
}

function defined(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function launch(spec: ChildSpec, logFile: string): Run {
  const log = openSync(logFile, "a");
  const [program = "", ...args] = [...dieWithParent, ...spec.command];
  const child = spawn(program, args, {
    cwd: spec.dir,
    detached: true,
    env: defined({ ...process.env, ...spec.env }),
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const { promise, resolve } = Promise.withResolvers<ChildExit>();
  const run: Run = { process: child, ended: promise, asked: false, done: false };
  const end = (code: number | null, signal: NodeJS.Signals | null) => {
    run.done = true;
    // A leader's helpers may outlive it, and would hold its ports and files.
    if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
    resolve({ code, signal, asked: run.asked });
  };
  child.once("exit", end);
  child.once("error", () => end(-1, null));
  return run;
}

function tailOf(file: string, charsMax: number): string {
  try {
    return readFileSync(file, "utf8").slice(-charsMax);
  } catch {
    return "";
  }
}

/** Describes an exit in words: "code 1" or "SIGKILL". */
export function describeExit({ code, signal }: ChildExit): string {
  return signal ?? `code ${code}`;
}

async function answers(ready: () => Promise<boolean>): Promise<string | undefined> {
  try {
    return (await ready()) ? undefined : "it is not ready yet";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Polls until the run is ready; returns why not when it ended or the time is over. */
async function untilReady(run: Run, spec: ChildSpec): Promise<string | undefined> {
  const timeoutMs = spec.readyTimeoutMs ?? 60_000;
  const limitMs = performance.now() + timeoutMs;
  for (let last = ""; ; ) {
    if (run.done) return `it ended with ${describeExit(await run.ended)} before it was ready`;
    if (performance.now() > limitMs) return `not ready within ${timeoutMs} ms: ${last}`;
    const why = await answers(spec.ready);
    if (why === undefined && !run.done) return undefined;
    last = why ?? "";
    await Bun.sleep(pollMs);
  }
}

async function endPolitely(run: Run, pid: number, timeoutMs: number): Promise<void> {
  run.asked = true;
  run.process.kill("SIGTERM");
  const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), timeoutMs);
  await run.ended;
  clearTimeout(timer);
}

/** Makes a child that does not run yet; the same child can be started again after every end. */
export function createChild(spec: ChildSpec): Child {
  const logFile = join(spec.logDir ?? spec.dir, `${spec.name}.log`);
  let run: Run | undefined;
  let readyMs = 0;
  const live = () => (run !== undefined && !run.done ? run : undefined);
  const signal = (name: NodeJS.Signals) => {
    const pid = live()?.process.pid;
    if (pid !== undefined) signalGroup(pid, name);
  };
  const child: Child = {
    name: spec.name,
    logFile,
    get pid() {
      return live()?.process.pid;
    },
    get running() {
      return live() !== undefined;
    },
    get readyMs() {
      return readyMs;
    },
    async start() {
      if (live())
        throw new Error(`Cannot start ${spec.name}: it runs: current pid is ${child.pid}`);
      const startMs = performance.now();
      run = launch(spec, logFile);
      const why = await untilReady(run, spec);
      if (why !== undefined) {
        await child.kill();
        throw new Error(`Cannot start ${spec.name}: ${why}\n${child.logTail()}`);
      }
      readyMs = performance.now() - startMs;
    },
    async stop() {
      const current = live();
      const pid = current?.process.pid;
      if (current && pid !== undefined)
        await endPolitely(current, pid, spec.stopTimeoutMs ?? 15_000);
    },
    async kill(name = "SIGKILL") {
      const current = live();
      if (!current) return;
      current.asked = true;
      signal(name);
      await current.ended;
    },
    freeze: () => signal("SIGSTOP"),
    unfreeze: () => signal("SIGCONT"),
    async restart() {
      await child.stop();
      await child.start();
    },
    exit: () => run?.ended ?? neverRan,
    logTail: (charsMax = 2_000) => tailOf(logFile, charsMax),
  };
  return child;
}
