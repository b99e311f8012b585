import { expect, test } from "bun:test";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lintByKubeLinter } from "./kube-linter.ts";

/** An answer as its documentation and its own tests have it. */
const answer = {
  Checks: [{ name: "latest-tag" }, { name: "host-ipc" }],
  Reports: [
    {
      Check: "latest-tag",
      Diagnostic: { Message: "its image moves" },
      Object: { K8sObject: { Name: "api", GroupVersionKind: { Kind: "Deployment" } } },
    },
  ],
  Summary: { ChecksStatus: "Failed", KubeLinterVersion: "0.9.0" },
};

const job = {
  dist: "dist",
  files: [{ chart: "demo", path: "dist/demo.k8s.yaml", objects: [] }],
  programs: "",
  signal: new AbortController().signal,
};

test("lintByKubeLinter() asks for every built-in check, and reads findings that it ends with 1 for", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kube-linter-"));
  try {
    const program = join(folder, "kube-linter");
    const asked = "lint --add-all-built-in --format json dist/demo.k8s.yaml";
    const script = `[ "$*" = "${asked}" ] && echo '${JSON.stringify(answer)}'\nexit 1\n`;
    await writeFile(program, `#!/bin/sh\n${script}`);
    await chmod(program, 0o755);
    expect(await lintByKubeLinter(job, program)).toEqual({
      linter: "kube-linter",
      title: "kube-linter 0.9.0",
      checks: 2,
      objects: 0,
      findings: [
        {
          linter: "kube-linter",
          check: "latest-tag",
          object: "demo Deployment api",
          message: "its image moves",
        },
      ],
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("lintByKubeLinter() does not run where there is none", async () => {
  expect(await lintByKubeLinter(job, null)).toEqual({
    title: "kube-linter",
    notRun: "it is not in PATH",
  });
});
