import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { installParts, logOf, type Part } from "../parts/provision.ts";
import { pythonVenv } from "../parts/python-venv.ts";
import { runStep } from "../parts/run-step.ts";

const here = import.meta.dir;
const protos = join(here, "../../proto");
const stepTimeoutMs = 600_000;

/** How long an installation may take, in milliseconds, the wait for another one included. */
export const installTimeoutMs = 900_000;

const wayOut = "leave the tests with foreign programs to another machine";

const requirements = join(here, "python", "requirements.txt");
const goFolder = join(here, "go");

/** The Python program, ready to run; installs its packages under `dir` where they are missing. */
export async function installPythonPeer(dir: string): Promise<readonly string[]> {
  await install(dir, pythonVenv("python-peer", requirements, wayOut));
  const python = join(dir, "python-peer", "bin", "python");
  // Without byte code in the source tree.
  return [python, "-B", join(here, "python", "peer.py"), protos];
}

/** The Go program, ready to run; built under `dir` where it is missing. */
export async function installGoPeer(dir: string): Promise<readonly string[]> {
  await install(dir, goPeer());
  return [join(dir, "go-peer", "peer"), protos];
}

function install(dir: string, part: Part): Promise<void> {
  return installParts([[part]], {
    dir,
    onProgress: (step, state, ms) =>
      console.error(`${step}: ${state} ${(ms / 1_000).toFixed(1)} s`),
  });
}

function goPeer(): Part {
  const sources = readdirSync(goFolder).sort();
  return {
    name: "go-peer",
    needs: { go: "go (1.26 or newer)" },
    wayOut,
    recipe: sources.map((name) => readFileSync(join(goFolder, name), "utf8")).join("\n"),
    install: (folder, options) =>
      runStep({
        command: [
          ...["go", "-C", goFolder, "build", "-trimpath", "-ldflags=-s -w"],
          ...["-o", join(folder, "peer"), "."],
        ],
        logFile: logOf(options, "go-peer"),
        timeoutMs: stepTimeoutMs,
        signal: options.signal,
      }),
  };
}
