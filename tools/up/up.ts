import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AnyPipeline } from "../../lib/pipeline/pipeline.ts";
import { describeExit } from "../parts/child.ts";
import { lockFile } from "../parts/file-lock.ts";
import type { UpArguments } from "./arguments.ts";
import { dockerAnswers } from "./docker.ts";
import { removeLeftovers } from "./down.ts";
import { createProgress, type Progress, type ProgressOutput } from "./progress.ts";
import { type RunState, readState, removeRun, writeState } from "./run-state.ts";
import { grpcPlaces } from "./service-ports.ts";
import { summary } from "./summary.ts";
import type { SupervisionEvents } from "./supervise.ts";
import { type ProcessEntry, type System, startSystem } from "./system.ts";
import { requireFree, type SystemPorts, usualIfFree } from "./system-ports.ts";

/** What `up` works with. */
export interface UpOptions {
  readonly root: string;
  /** The folder of the run, `.run`. */
  readonly dir: string;
  readonly arguments: UpArguments;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends everything. */
  readonly signal: AbortSignal;
  readonly output: ProgressOutput;
  readonly print: (text: string) => void;
}

function portOf(env: UpOptions["env"], variable: string, fallback: number): number {
  const port = Number(env[variable] || fallback);
  if (Number.isInteger(port) && port > 0 && port < 65_535) return port;
  throw new Error(`Cannot use ${variable}: it must be a port: current value is "${env[variable]}"`);
}

/** The gRPC doors take the ports from `GRPC_PORT` on. */
async function chooseGrpc(pipelines: readonly AnyPipeline[], base: number) {
  const chosen: Record<string, number> = {};
  for (const [index, place] of grpcPlaces(pipelines).entries()) {
    const variable = index === 0 ? "GRPC_PORT" : `GRPC_PORT (${index} below it)`;
    chosen[place] = await requireFree(base + index, variable);
  }
  return chosen;
}

async function choosePorts(
  env: UpOptions["env"],
  pipelines: readonly AnyPipeline[],
): Promise<Partial<SystemPorts>> {
  const usual = async (name: string, port: number) => {
    const free = await usualIfFree(port);
    return free === undefined ? {} : { [name]: free };
  };
  return {
    http: await requireFree(portOf(env, "PORT", 8_080), "PORT"),
    grpc: await chooseGrpc(pipelines, portOf(env, "GRPC_PORT", 50_051)),
    ...(await usual("kafka", 9_092)),
    ...(await usual("rabbit", 5_672)),
    ...(await usual("management", 15_672)),
    ...(await usual("valkey", 6_379)),
    ...(await usual("mongo", 27_017)),
  };
}

async function chooseContainers(wanted: boolean | undefined): Promise<boolean> {
  if (wanted === false) return false;
  const answers = await dockerAnswers();
  if (wanted && !answers) {
    throw new Error("Cannot use containers: no Docker engine with Compose answers: try --local");
  }
  return answers;
}

async function lockRun(dir: string): Promise<Disposable> {
  mkdirSync(dir, { recursive: true });
  let holder = "";
  try {
    return await lockFile(join(dir, "lock"), {
      timeoutMs: 0,
      onWait(pid) {
        holder = pid;
      },
    });
  } catch (cause) {
    const pid = readState(dir)?.pid ?? holder;
    throw new Error(`Cannot start: process ${pid} runs it already: \`npm run down\` ends that`, {
      cause,
    });
  }
}

/** Reports what supervision does, keeps the state file current, and rejects when a process is given up. */
function watch(progress: Progress, changed: () => void) {
  const gaveUp = Promise.withResolvers<never>();
  gaveUp.promise.catch(() => {});
  const events: SupervisionEvents = {
    onExit(child, exit) {
      progress.say(`${child.name} ended with ${describeExit(exit)}; it is started again`);
      progress.say(child.logTail(600).trimEnd());
      changed();
    },
    onRestart(child) {
      progress.say(
        `${child.name} is back as process ${child.pid} after ${Math.round(child.readyMs)} ms`,
      );
      changed();
    },
    onGiveUp(child, cause) {
      gaveUp.reject(
        new Error(`Cannot keep ${child.name} running: ${cause}\n${child.logTail()}`, { cause }),
      );
    },
  };
  return { events, gaveUp: gaveUp.promise };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** Starts everything, prints where it is, and resolves when `signal` has ended it; nothing is left then. */
export async function up(options: UpOptions): Promise<void> {
  const { dir, signal } = options;
  using _lock = await lockRun(dir);
  await removeLeftovers(options.root, dir);
  mkdirSync(dir, { recursive: true });
  const keep = options.arguments.keep || existsSync(join(dir, "data"));
  using progress = createProgress(options.output);
  let system: System | undefined;
  try {
    const { pipelines } = options.arguments;
    const containers = await chooseContainers(options.arguments.containers);
    const state = (phase: RunState["phase"], processes: readonly ProcessEntry[]) =>
      writeState(
        dir,
        { phase, containers, keep, ...(system && { urls: system.urls, boards: system.boards }) },
        processes,
      );
    state("starting", []);
    const { events, gaveUp } = watch(progress, () => system && state("ready", system.entries()));
    system = await startSystem({
      dir,
      ports: await choosePorts(options.env, pipelines),
      pipelines,
      target: options.env.WRITER_TARGET,
      containers,
      keep,
      signal,
      // Steps that end because everything does have not failed.
      onProgress: (step, phase, ms) => signal.aborted || progress.onProgress(step, phase, ms),
      supervision: events,
    });
    state("ready", system.entries());
    options.print(summary(pipelines, readState(dir) as RunState));
    await Promise.race([untilAborted(signal), gaveUp]);
    progress.say("ending ...");
  } finally {
    await system?.[Symbol.asyncDispose]();
    removeRun(dir, keep);
  }
}
