import { expect, test } from "bun:test";
import type { Ran } from "./finding.ts";
import { reportOf } from "./report.ts";

const ran: Ran = {
  linter: "kube-score",
  title: "kube-score 1",
  checks: 2,
  objects: 3,
  findings: [
    { linter: "kube-score", check: "one", object: "demo Service a", message: "is wrong" },
    { linter: "kube-score", check: "two", object: "demo Service a", message: "is odd" },
  ],
};

test("reportOf() has a line for each linter, and one for whatever is left", () => {
  const waivers = [{ checks: { "kube-score": ["one"] }, reason: "so be it" }];
  expect(reportOf([ran, { title: "checkov", notRun: "python3 is not in PATH" }], waivers)).toEqual({
    lines: [
      "kube-score 1: 2 checks, 3 objects, 2 findings, 1 waived",
      "!!! checkov: NOT RUN: python3 is not in PATH",
      "kube-score two: demo Service a: is odd",
    ],
    faults: 1,
  });
});

test("a linter that did not run is no fault", () => {
  expect(reportOf([{ title: "checkov", notRun: "…" }], []).faults).toBe(0);
});
