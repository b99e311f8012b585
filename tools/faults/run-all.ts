import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Policy } from "../../lib/pipeline/station.ts";
import type { Progress } from "../up/progress.ts";
import type { Fault } from "./fault.ts";
import { keepFindings } from "./keep-findings.ts";
import { type Rig, startRig } from "./rig.ts";
import { runFault } from "./run-fault.ts";
import { faultsOf, holds, type Row } from "./table.ts";

/** A fault under one policy. */
export interface Trial {
  readonly fault: Fault;
  readonly target: Policy;
}

/** How trials are run. */
export interface RunOptions {
  readonly short: boolean;
  /** Where the findings of faults that do not hold are kept. */
  readonly dataDir: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** The same trials so that those of one system follow each other. */
export function grouped(trials: readonly Trial[]): readonly Trial[] {
  const groups = Map.groupBy(trials, rigOf);
  return [...groups.values()].flat();
}

const rigOf = ({ fault, target }: Trial) => `${fault.rig.name}, ${target}`;

/** Runs them one after another, each system for as long as it is of use; what was done is told when it is aborted. */
export async function runAll(trials: readonly Trial[], options: RunOptions): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), "tweet-pipeline-faults-"));
  const rows: Row[] = [];
  let current: { readonly name: string; readonly rig: Rig } | undefined;
  const end = async () => {
    const rig = current?.rig;
    current = undefined;
    await rig?.[Symbol.asyncDispose]();
  };
  try {
    for (const [index, trial] of grouped(trials).entries()) {
      if (options.signal.aborted) break;
      const name = rigOf(trial);
      if (current !== undefined && current.name !== name) await end();
      const rigIn = async () => {
        const rig = current?.rig ?? (await openRig(trial, join(dir, `${index}`), options));
        current = { name, rig };
        return rig;
      };
      const row = await tryOne(trial, rigIn, `${index + 1}/${trials.length}`, options);
      if (row === undefined) break;
      rows.push(row);
      // What did not hold may have left the system in a state that is nobody else's to explain.
      if (trial.fault.spoils || !holds(row)) await end();
    }
  } finally {
    await end();
    rmSync(dir, { recursive: true, force: true });
  }
  return rows.sort((a, b) => (a.numbers[0] ?? 0) - (b.numbers[0] ?? 0));
}

/** Starts a system; once more where that fails, since a free port may be taken before it is listened on. */
async function openRig({ fault, target }: Trial, dir: string, { progress, signal }: RunOptions) {
  const start = (folder: string) =>
    startRig(fault.rig, { dir: folder, target, signal, onProgress: progress.onProgress });
  try {
    return await start(dir);
  } catch (error) {
    signal.throwIfAborted();
    progress.say(`  trying again: ${error instanceof Error ? error.message : error}`);
    return await start(`${dir}-again`);
  }
}

/** One trial; undefined where it was interrupted. */
async function tryOne(
  { fault, target }: Trial,
  rigIn: () => Promise<Rig>,
  place: string,
  { short, dataDir, progress, signal }: RunOptions,
): Promise<Row | undefined> {
  const { numbers, name, title } = fault;
  const step = `${place} fault ${numbers.join(", ")} (${name}), ${target}`;
  const startedMs = performance.now();
  try {
    const rig = await rigIn();
    progress.onProgress(step, "running", 0);
    const row = await runFault(fault, rig, { target, short, signal, say: progress.say });
    progress.onProgress(step, holds(row) ? "done" : "failed", performance.now() - startedMs);
    for (const note of row.notes) progress.say(`  ${note}`);
    for (const why of faultsOf(row)) progress.say(`  ✗ ${why}`);
    if (!holds(row)) {
      const kept = keepFindings(rig, dataDir, `${name}-${target}`);
      progress.say(`  what was sent and said is in ${kept}`);
    }
    return row;
  } catch (error) {
    progress.onProgress(step, "failed", performance.now() - startedMs);
    if (signal.aborted) return undefined;
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    progress.say(`  ✗ ${why}`);
    return { numbers, name, title, target, error: why };
  }
}
