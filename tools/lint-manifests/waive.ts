import type { LinterName, Waiver } from "../../charts/waivers.ts";
import type { Finding } from "./finding.ts";

/** Findings, told apart by a list of waivers. */
export interface Waived {
  /** What no waiver covers. */
  readonly left: readonly Finding[];

  /** Waivers, or parts of them, that cover nothing, a sentence each. */
  readonly unused: readonly string[];
}

/** Whether a pattern, in which `*` stands for anything, is an object's. */
export function isObject(pattern: string, object: string): boolean {
  const parts = pattern.split("*").map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join(".*")}$`).test(object);
}

/** Takes away what is waived. Of linters that did not run, nobody knows whether their waivers still cover anything. */
export function waive(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  ran: ReadonlySet<LinterName>,
): Waived {
  return {
    left: findings.filter((finding) => !waivers.some((each) => covers(each, finding))),
    unused: waivers.flatMap((each) => unusedParts(each, findings, ran)),
  };
}

function covers({ checks, objects = ["*"] }: Waiver, { linter, check, object }: Finding): boolean {
  return (
    (checks[linter]?.includes(check) ?? false) &&
    objects.some((pattern) => isObject(pattern, object))
  );
}

function unusedParts(
  waiver: Waiver,
  findings: readonly Finding[],
  ran: ReadonlySet<LinterName>,
): readonly string[] {
  const covered = findings.filter((each) => covers(waiver, each));
  const linters = Object.keys(waiver.checks) as LinterName[];
  const checks = linters.flatMap((linter) =>
    (waiver.checks[linter] ?? [])
      .filter((check) => ran.has(linter) && !covered.some((each) => each.check === check))
      .map((check) => `${linter} ${check}`),
  );
  const objects = (waiver.objects ?? []).filter(
    (pattern) =>
      linters.every((each) => ran.has(each)) &&
      !covered.some(({ object }) => isObject(pattern, object)),
  );
  return [...checks, ...objects].map(
    (part) => `${part} is waived, but nothing is found there: ${waiver.reason}`,
  );
}
