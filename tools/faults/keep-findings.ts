import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Rig } from "./rig.ts";

/** Copies what clients sent and heard, and what all processes said, to a folder that stays; returns the folder. */
export function keepFindings(rig: Rig, dataDir: string, name: string): string {
  const folder = join(dataDir, "faults", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const ledgers = readdirSync(rig.dir).filter((file) => file.endsWith(".jsonl"));
  for (const file of ledgers) cpSync(join(rig.dir, file), join(folder, file));
  cpSync(join(rig.dir, "system", "logs"), join(folder, "logs"), { recursive: true });
  return folder;
}
