import { createHash } from "node:crypto";
import { join } from "node:path";
import { runProgram } from "../run-program.ts";

const infoTimeoutMs = 3_000;

/** Says whether a Docker engine with Compose answers within three seconds. */
export async function dockerAnswers(): Promise<boolean> {
  if (!Bun.which("docker")) return false;
  const commands = [
    ["docker", "info"],
    ["docker", "compose", "version"],
  ];
  const ended = await Promise.all(
    commands.map((command) => runProgram({ command, timeoutMs: infoTimeoutMs })),
  );
  return ended.every(({ code }) => code === 0);
}

/** The command line of Compose for the containers of one run folder, apart from those of others. */
export function composeCommand(root: string, dir: string): readonly string[] {
  const suffix = createHash("sha256").update(dir).digest("hex").slice(0, 8);
  const project = `tweet-pipeline-${suffix}`;
  return ["docker", "compose", "--file", join(root, "compose.yaml"), "--project-name", project];
}
