import { installParts, type Part } from "../parts/provision.ts";
import { runProgram } from "../run-program.ts";
import type { LinterRun } from "./finding.ts";
import type { ManifestFile } from "./objects.ts";

/** What a linter is told. */
export interface LintJob {
  /** The folder of the manifests. */
  readonly dist: string;

  readonly files: readonly ManifestFile[];

  /** The folder that programs are installed in. */
  readonly programs: string;

  readonly signal: AbortSignal;
}

/** Runs a linter over manifests; says why where this machine cannot have it. */
export type Linter = (job: LintJob) => Promise<LinterRun>;

const lintTimeoutMs = 120_000;

/** Installs what is not installed yet; returns what this machine lacks for it, as far as it lacks anything. */
export async function lackFor(part: Part, { programs, signal }: LintJob) {
  const missing = Object.entries(part.needs).find(([program]) => Bun.which(program) === null);
  if (missing !== undefined) return `${missing[0]} is not in PATH: install ${missing[1]}`;
  await installParts([[part]], {
    dir: programs,
    signal,
    onProgress: (step, state, ms) =>
      console.error(`${step}: ${state} ${(ms / 1_000).toFixed(1)} s`),
  });
  return undefined;
}

/**
 * What a linter says as JSON, of a form that the caller knows. Linters end with 1 where they have findings.
 *
 * @throws Error where it ended otherwise, or said something else.
 */
export async function jsonOf<T>(command: readonly string[], { signal }: LintJob): Promise<T> {
  const { code, stdout, stderr } = await runProgram({ command, timeoutMs: lintTimeoutMs, signal });
  try {
    if (code !== 0 && code !== 1) throw new Error(`it ended with ${code ?? "a signal"}`);
    return JSON.parse(stdout) as T;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot run ${command.join(" ")}: ${why}: ${stderr.slice(-2_000)}`, {
      cause: error,
    });
  }
}
