import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Kubectl, kubectl } from "../e2e/kubectl.ts";
import { succeed } from "../run-program.ts";
import { addSchemas, kindsOf } from "./add-schemas.ts";
import { help, readArguments, type SchemasArguments } from "./arguments.ts";
import type { Trial } from "./dry-run.ts";
import { type JudgedFolder, judge } from "./judge.ts";

const root = resolve(import.meta.dir, "..", "..");
const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => interrupt.abort(new Error(`stopped by ${signal}`)));
}

const synthMs = 60_000;
const namespace = "schemas-trial";

/** Whatever may be said at synth, so that every field is written at least once. */
const everyOption = {
  SECRETS: "external-secrets",
  SECRET_STORE: "vault",
  SECRET_STORE_SCOPE: "namespace",
  INGRESS_HOST: "clima.example",
  GATEWAY_TLS_SECRET: "certificate",
  GITOPS_REPOSITORY: "https://git.example/team/pipeline",
};

try {
  const args = readArguments(Bun.argv.slice(2));
  if (args === undefined) process.stdout.write(help);
  else process.exitCode = (await tryAll(args)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = interrupt.signal.aborted ? 130 : 2;
}

/** Whether the server's verdicts are what they must be. */
async function tryAll({ dist, keep }: SchemasArguments): Promise<boolean> {
  const { signal } = interrupt;
  for (const program of ["kubectl", "go"]) {
    if (Bun.which(program) === null)
      throw new Error(`Cannot try schemas: ${program} is not in PATH`);
  }
  const cluster = kubectl(namespace, signal);
  const made = await mkdtemp(join(tmpdir(), "schemas-"));
  const added: string[] = [];
  try {
    added.push(...(await addSchemas({ cluster, signal, say: console.error })));
    await cluster.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }]);
    await synthesized(made, signal);
    const trial: Trial = { namespace, kinds: await kindsOf(cluster), signal };
    const folders = await judge({ dist: resolve(root, dist), made }, trial);
    for (const each of folders) for (const line of report(each)) console.log(line);
    return folders.every(({ isRight }) => isRight);
  } finally {
    await rm(made, { recursive: true });
    await cleared(kubectl(namespace), keep ? [] : added);
  }
}

async function synthesized(outdir: string, signal: AbortSignal): Promise<void> {
  await succeed({
    command: [process.execPath, "main.ts"],
    cwd: root,
    env: { ...everyOption, CDK8S_OUTDIR: outdir },
    timeoutMs: synthMs,
    signal,
  });
}

/** Even when it was interrupted: without the signal. */
async function cleared(cluster: Kubectl, crds: readonly string[]): Promise<void> {
  for (const crd of crds) await cluster.remove("crd", crd);
  await cluster.remove("namespace", namespace);
}

function report({ name, isRight, accepted, refused, remarks }: JudgedFolder): readonly string[] {
  const verdict = `${accepted} accepted, ${refused} refused`;
  return [
    `${isRight ? "ok    " : "FAILED"} ${name}: ${verdict}`,
    ...remarks.map((each) => `       ${each}`),
  ];
}
