import { readFileSync } from "node:fs";
import { join } from "node:path";
import { logOf, type Part } from "./provision.ts";
import { runStep } from "./run-step.ts";

const stepTimeoutMs = 600_000;

/** A Python environment that holds what `requirements` lists, all of it pinned; its programs are in `bin` of its folder. */
export function pythonVenv(name: string, requirements: string, wayOut: string): Part {
  const { stdout } = Bun.spawnSync(["python3", "--version"]);
  return {
    name,
    needs: { python3: "python3 with venv and pip" },
    wayOut,
    // An environment belongs to the Python that made it.
    recipe: `${stdout}${readFileSync(requirements, "utf8")}`,
    install: async (folder, options) => {
      const pip = [join(folder, "bin", "python"), "-m", "pip", "install", "--no-deps"];
      for (const command of [
        ["python3", "-m", "venv", folder],
        [...pip, "--only-binary", ":all:", "--requirement", requirements],
      ]) {
        const logFile = logOf(options, name);
        await runStep({ command, logFile, timeoutMs: stepTimeoutMs, signal: options.signal });
      }
    },
  };
}
