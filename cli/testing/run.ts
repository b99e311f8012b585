import { join } from "node:path";

/** What people see of a command that has ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A command as a process, with this environment and no other. */
export function startCommand(
  name: "dlq" | "audit" | "rebuild" | "api-key",
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = "",
) {
  const main = join(import.meta.dir, "..", name, "main.ts");
  return Bun.spawn([process.execPath, main, ...args], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: [new Blob([input]), "pipe", "pipe"],
  });
}

/** Runs a command to its end. */
export async function run(...command: Parameters<typeof startCommand>): Promise<Ended> {
  const child = startCommand(...command);
  const [code, out, err] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code, out, err };
}

/** The objects of an output that has one a line. */
export function jsonLines(out: string): readonly Readonly<Record<string, unknown>>[] {
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
