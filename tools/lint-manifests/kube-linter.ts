import { type Finding, type LinterRun, nameOf } from "./finding.ts";
import { jsonOf, type LintJob } from "./linter.ts";
import type { ManifestFile } from "./objects.ts";

/** What kube-linter says in all, as far as it is read. */
interface KubeLinterReport {
  readonly Checks: readonly unknown[];
  readonly Reports:
    | readonly {
        readonly Check: string;
        readonly Diagnostic: { readonly Message: string };
        readonly Object: {
          readonly K8sObject: {
            readonly Name: string;
            readonly GroupVersionKind: { readonly Kind: string };
          };
        };
      }[]
    | null;
  readonly Summary?: { readonly KubeLinterVersion?: string };
}

const name = "kube-linter";

/**
 * Runs kube-linter itself with all of its built-in checks, by default the one in PATH. Its options and the form of its
 * answer are those of its documentation and of its own tests; no run of it has proven them yet.
 */
export async function lintByKubeLinter(
  job: LintJob,
  program: string | null = Bun.which(name),
): Promise<LinterRun> {
  if (program === null) return { title: name, notRun: "it is not in PATH" };
  const findings: Finding[] = [];
  let title = name;
  let checks = 0;
  // One at a time: what is in another file may not stand in for what is missing in this one.
  for (const file of job.files) {
    const command = [program, "lint", "--add-all-built-in", "--format", "json", file.path];
    const report = await jsonOf<KubeLinterReport>(command, job);
    title = `${name} ${report.Summary?.KubeLinterVersion ?? ""}`.trim();
    checks = report.Checks.length;
    findings.push(...findingsOf(file, report));
  }
  const objects = job.files.reduce((sum, file) => sum + file.objects.length, 0);
  return { linter: name, title, checks, objects, findings };
}

function findingsOf({ chart }: ManifestFile, { Reports }: KubeLinterReport): readonly Finding[] {
  return (Reports ?? []).map(({ Check, Diagnostic, Object: { K8sObject } }) => ({
    linter: name,
    check: Check,
    object: nameOf(chart, {
      kind: K8sObject.GroupVersionKind.Kind,
      metadata: { name: K8sObject.Name },
    }),
    message: Diagnostic.Message,
  }));
}
