import { type Finding, nameOf, type Ran } from "./finding.ts";
import type { ManifestFile } from "./objects.ts";
import type { Rule } from "./rules/rule.ts";

/** What rules of ours find in manifests, under kube-linter's names. */
export function lintByRules(files: readonly ManifestFile[], rules: readonly Rule[]): Ran {
  const findings = files.flatMap(({ chart, objects }) =>
    objects.flatMap((object) =>
      rules.flatMap(({ check, find }) =>
        find(object, objects).map(
          (message): Finding => ({
            linter: "kube-linter",
            check,
            object: nameOf(chart, object),
            message,
          }),
        ),
      ),
    ),
  );
  return {
    linter: "kube-linter",
    title: "kube-linter's checks as rules of ours",
    checks: rules.length,
    objects: files.reduce((sum, { objects }) => sum + objects.length, 0),
    findings,
  };
}
