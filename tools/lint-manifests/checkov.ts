import { join } from "node:path";
import { pythonVenv } from "../parts/python-venv.ts";
import type { LinterRun } from "./finding.ts";
import { jsonOf, type LintJob, lackFor } from "./linter.ts";

/** What checkov says of an object, as far as it is read. */
interface CheckovRecord {
  readonly check_id: string;
  readonly check_name: string;
  /** The file below the folder, beginning with a slash. */
  readonly file_path: string;
  /** `<Kind>.<namespace>.<name>`. */
  readonly resource: string;
}

/** What checkov says in all, as far as it is read. */
interface CheckovReport {
  readonly results: {
    readonly passed_checks: readonly CheckovRecord[];
    readonly failed_checks: readonly CheckovRecord[];
  };
  readonly summary: { readonly checkov_version: string };
}

const name = "checkov";
const requirements = join(import.meta.dir, "checkov", "requirements.txt");

/** Runs checkov, which is installed beside the real servers of the tests. */
export async function lintByCheckov(job: LintJob): Promise<LinterRun> {
  const lack = await lackFor(pythonVenv(name, requirements, "lint with the other linters"), job);
  if (lack !== undefined) return { title: name, notRun: lack };
  const { results, summary } = await jsonOf<CheckovReport>(
    [
      join(job.programs, name, "bin", name),
      ...["--directory", job.dist, "--framework", "kubernetes"],
      // Nothing of its makers' platform is asked for: what it checks is what is installed.
      ...["--skip-download", "--compact", "--output", "json"],
    ],
    job,
  );
  const all = [...results.passed_checks, ...results.failed_checks];
  return {
    linter: name,
    title: `${name} ${summary.checkov_version}`,
    checks: new Set(all.map(({ check_id }) => check_id)).size,
    objects: new Set(all.map(objectOf)).size,
    findings: results.failed_checks.map((each) => ({
      linter: name,
      check: each.check_id,
      object: objectOf(each),
      message: each.check_name,
    })),
  };
}

function objectOf({ file_path, resource }: CheckovRecord): string {
  const [kind, , ...rest] = resource.split(".");
  return `${file_path.slice(1).replace(".k8s.yaml", "")} ${kind} ${rest.join(".")}`;
}
