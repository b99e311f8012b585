import { join } from "node:path";
import { logOf, type Part } from "../parts/provision.ts";
import { runStep } from "../parts/run-step.ts";
import { type Finding, type LinterRun, nameOf } from "./finding.ts";
import { jsonOf, type LintJob, lackFor } from "./linter.ts";

/** What kube-score says of an object, as far as it is read. */
interface ScoredObject {
  readonly type_meta: { readonly kind: string };
  readonly object_meta: { readonly name: string };
  readonly checks: readonly {
    readonly check: { readonly id: string; readonly comment: string };
    /** 10 where all is well. */
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

const name = "kube-score";
const version = "1.20.0";
const module = `github.com/zegl/kube-score/cmd/kube-score@v${version}`;
const wellDone = 10;
const buildTimeoutMs = 600_000;

/** The Kubernetes that the manifests are for. */
const kubernetes = "v1.34";

const part: Part = {
  name,
  needs: { go: "go (1.26 or newer)" },
  wayOut: "lint with the other linters",
  recipe: module,
  install: (folder, options) =>
    runStep({
      command: ["go", "install", "-trimpath", "-ldflags=-s -w", module],
      env: { GOBIN: folder },
      logFile: logOf(options, name),
      timeoutMs: buildTimeoutMs,
      signal: options.signal,
    }),
};

/** Runs kube-score, which is built beside the real servers of the tests. */
export async function lintByKubeScore(job: LintJob): Promise<LinterRun> {
  const lack = await lackFor(part, job);
  if (lack !== undefined) return { title: name, notRun: lack };
  const program = join(job.programs, name, name);
  const options = ["--kubernetes-version", kubernetes, "--output-format", "json"];
  const scored: { readonly chart: string; readonly object: ScoredObject }[] = [];
  // One at a time: what is in another file may not stand in for what is missing in this one.
  for (const { chart, path } of job.files) {
    // Of a file with kinds that it does not know it says null.
    const objects = await jsonOf<readonly ScoredObject[] | null>(
      [program, "score", ...options, path],
      job,
    );
    scored.push(...(objects ?? []).map((object) => ({ chart, object })));
  }
  const checks = scored.flatMap(({ object }) => object.checks.map(({ check }) => check.id));
  return {
    linter: name,
    title: `${name} ${version}`,
    checks: new Set(checks).size,
    objects: scored.length,
    findings: scored.flatMap(({ chart, object }) => findingsOf(chart, object)),
  };
}

function findingsOf(
  chart: string,
  { type_meta, object_meta, checks }: ScoredObject,
): readonly Finding[] {
  const object = nameOf(chart, { kind: type_meta.kind, metadata: object_meta });
  return checks
    .filter(({ grade, skipped }) => grade < wellDone && !skipped)
    .flatMap(({ check, comments }) =>
      (comments ?? [{ path: "", summary: check.comment }]).map(({ path, summary }) => ({
        linter: name,
        check: check.id,
        object,
        message: path === "" ? summary : `${path}: ${summary}`,
      })),
    );
}
