import type { LinterName, Waiver } from "../../charts/waivers.ts";
import type { LinterRun, Ran } from "./finding.ts";
import { waive } from "./waive.ts";

/** What people read of a run. */
export interface Report {
  readonly lines: readonly string[];

  /** How many findings are left, and waivers that cover nothing. */
  readonly faults: number;
}

/** A line for each linter, then whatever no waiver covers, then the waivers that cover nothing. */
export function reportOf(runs: readonly LinterRun[], waivers: readonly Waiver[]): Report {
  const ran = runs.filter((each): each is Ran => "findings" in each);
  const findings = ran.flatMap((each) => each.findings);
  const { left, unused } = waive(findings, waivers, namesOf(ran));
  return {
    lines: [
      ...runs.map((each) => line(each, waivers)),
      ...left.map(
        ({ linter, check, object, message }) => `${linter} ${check}: ${object}: ${message}`,
      ),
      ...unused,
    ],
    faults: left.length + unused.length,
  };
}

function line(run: LinterRun, waivers: readonly Waiver[]): string {
  if ("notRun" in run) return `!!! ${run.title}: NOT RUN: ${run.notRun}`;
  const { title, checks, objects, findings } = run;
  const waived = findings.length - waive(findings, waivers, new Set()).left.length;
  return `${title}: ${checks} checks, ${objects} objects, ${findings.length} findings, ${waived} waived`;
}

function namesOf(ran: readonly Ran[]): ReadonlySet<LinterName> {
  return new Set(ran.map(({ linter }) => linter));
}
