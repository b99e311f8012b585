import { resolve } from "node:path";
import { waivers } from "../../charts/waivers.ts";
import { partsDir } from "../parts/parts-dir.ts";
import { help, type LintArguments, type LinterChoice, readArguments } from "./arguments.ts";
import { lintByCheckov } from "./checkov.ts";
import type { LinterRun } from "./finding.ts";
import { lintByKubeLinter } from "./kube-linter.ts";
import { lintByKubeScore } from "./kube-score.ts";
import type { Linter } from "./linter.ts";
import { readManifests } from "./objects.ts";
import { reportOf } from "./report.ts";
import { lintByRules } from "./rule-linter.ts";
import { allRules } from "./rules/all-rules.ts";
import { waiversPage } from "./waivers-page.ts";

const root = resolve(import.meta.dir, "..", "..");
const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => interrupt.abort(new Error(`stopped by ${signal}`)));
}

const linters: Readonly<Record<LinterChoice, Linter>> = {
  rules: async ({ files }) => lintByRules(files, allRules),
  checkov: lintByCheckov,
  "kube-score": lintByKubeScore,
  "kube-linter": (job) => lintByKubeLinter(job),
};

try {
  const args = readArguments(Bun.argv.slice(2));
  if (args === undefined) process.stdout.write(help);
  else if (args.page) process.stdout.write(waiversPage(waivers));
  else process.exitCode = (await lint(args)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = interrupt.signal.aborted ? 130 : 2;
}

/** Whether nothing is left. */
async function lint(args: LintArguments): Promise<boolean> {
  const dist = resolve(root, args.dist);
  const job = {
    dist,
    files: readManifests(dist),
    programs: partsDir(process.env),
    signal: interrupt.signal,
  };
  const runs: LinterRun[] = [];
  for (const name of args.linters) runs.push(await linters[name](job));
  const { lines, faults } = reportOf(runs, waivers);
  console.log(lines.join("\n"));
  return faults === 0;
}
