import { isAlive, signalGroup } from "../parts/process-group.ts";
import { composeCommand } from "./docker.ts";
import { type RunState, readState, removeRun, supervisorOf } from "./run-state.ts";

/** Longer than services may drain. */
const endTimeoutMs = 60_000;
const pollMs = 50;

async function endSupervisor({ pid, startTicks }: RunState): Promise<void> {
  process.kill(pid, "SIGTERM");
  const limitMs = performance.now() + endTimeoutMs;
  while (isAlive(pid, startTicks)) {
    if (performance.now() > limitMs) process.kill(pid, "SIGKILL");
    await Bun.sleep(pollMs);
  }
}

/** Ends what a supervisor that was killed could not end itself, and removes the folder of its run. */
export async function removeLeftovers(root: string, dir: string): Promise<void> {
  const state = readState(dir);
  if (!state) return;
  for (const { pid, startTicks } of state.processes) {
    if (pid !== undefined && isAlive(pid, startTicks)) signalGroup(pid, "SIGKILL");
  }
  if (state.containers) {
    const volumes = state.keep ? [] : ["--volumes"];
    const command = [...composeCommand(root, dir), "down", ...volumes];
    await Bun.spawn(command, { stdio: ["ignore", "ignore", "inherit"] }).exited;
  }
  removeRun(dir, state.keep);
}

/** Ends the system of `dir`, whatever is left of it; returns what happened in a sentence. */
export async function down(root: string, dir: string): Promise<string> {
  const startMs = performance.now();
  const supervisor = supervisorOf(dir);
  const found = supervisor ?? readState(dir);
  if (supervisor) await endSupervisor(supervisor);
  await removeLeftovers(root, dir);
  if (!found) return "Nothing runs here.";
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
  return `Ended process ${found.pid} and its ${found.processes.length} processes in ${seconds} s.`;
}
