import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isAlive, startTicks } from "../parts/process-group.ts";
import type { BoardEnvs } from "./services.ts";
import type { ProcessEntry, SystemUrls } from "./system.ts";

/** A process entry with what tells it from a later process of the same pid. */
export interface StateEntry extends ProcessEntry {
  readonly startTicks?: number;
}

/** What `.run/state.json` holds. */
export interface RunState {
  /** The process that supervises all others. */
  readonly pid: number;
  readonly startTicks?: number;
  readonly phase: "starting" | "ready";
  readonly containers: boolean;
  readonly keep: boolean;
  readonly urls?: SystemUrls;
  /** By pipeline, the variables of its board: whoever has them can look where the board does. */
  readonly boards?: BoardEnvs;
  readonly processes: readonly StateEntry[];
}

const stateFile = (dir: string) => join(dir, "state.json");

function ticksOf(pid: number | undefined): { startTicks?: number } {
  const ticks = pid === undefined ? undefined : startTicks(pid);
  return ticks === undefined ? {} : { startTicks: ticks };
}

/** Writes the state of the system that this process supervises; a reader sees the old or the new one, whole. */
export function writeState(
  dir: string,
  state: Omit<RunState, "pid" | "startTicks" | "processes">,
  entries: readonly ProcessEntry[],
): void {
  const processes = entries.map((entry) => ({ ...entry, ...ticksOf(entry.pid) }));
  const whole: RunState = { pid: process.pid, ...ticksOf(process.pid), ...state, processes };
  const next = `${stateFile(dir)}.next`;
  writeFileSync(next, `${JSON.stringify(whole, undefined, 2)}\n`);
  renameSync(next, stateFile(dir));
}

/** Reads the state that a run left in `dir`, running or not. */
export function readState(dir: string): RunState | undefined {
  if (!existsSync(stateFile(dir))) return undefined;
  return JSON.parse(readFileSync(stateFile(dir), "utf8")) as RunState;
}

/** The supervising process of `dir`, while it lives. */
export function supervisorOf(dir: string): RunState | undefined {
  const state = readState(dir);
  return state && isAlive(state.pid, state.startTicks) ? state : undefined;
}

/** Removes everything of a run but, if `keep`, its data. */
export function removeRun(dir: string, keep: boolean): void {
  if (!existsSync(dir)) return;
  const all = readdirSync(dir).filter((name) => !(keep && name === "data"));
  for (const name of all) rmSync(join(dir, name), { recursive: true, force: true });
  if (readdirSync(dir).length === 0) rmdirSync(dir);
}
