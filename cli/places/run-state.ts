import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** By pipeline, the variables that lead to its servers. */
export type ServerEnvs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What `npm run up` has written down of the system that it runs in `runDir`; undefined where it runs none. */
export function runningServers(runDir: string): ServerEnvs | undefined {
  const file = join(runDir, "state.json");
  if (!existsSync(file)) return undefined;
  const state = JSON.parse(readFileSync(file, "utf8")) as {
    readonly pid: number;
    readonly phase: string;
    readonly boards?: ServerEnvs;
  };
  return isAlive(state.pid) ? state.boards : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
