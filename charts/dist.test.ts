import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../tools/run-program.ts";
import { at, type Manifest } from "./testing/manifest.ts";

const synthMs = 30_000;
const root = join(import.meta.dir, "..");

/** What `bun main.ts` writes: the texts of its files by their names. */
async function synthesized(env: Readonly<Record<string, string>>) {
  const outdir = await mkdtemp(join(tmpdir(), "dist-"));
  try {
    const child = Bun.spawn([process.execPath, "main.ts"], {
      cwd: root,
      env: { ...env, CDK8S_OUTDIR: outdir },
      stderr: "pipe",
    });
    expect(await new Response(child.stderr).text()).toBe("");
    expect(await child.exited).toBe(0);
    return await texts(outdir);
  } finally {
    await rm(outdir, { recursive: true });
  }
}

async function texts(directory: string): Promise<Readonly<Record<string, string>>> {
  const names = [...new Bun.Glob("**/*").scanSync(directory)].sort();
  const read = names.map(async (name) => [name, await Bun.file(join(directory, name)).text()]);
  return Object.fromEntries(await Promise.all(read));
}

test(
  "dist/ is what a fresh synth writes, one file for each chart",
  async () => {
    const fresh = await synthesized({});
    expect(Object.keys(fresh)).toEqual([
      "clima-app.k8s.yaml",
      "cloud-run/private-ways.k8s.yaml",
      "cloud-run/votaciones.k8s.yaml",
      "demo.k8s.yaml",
      "proyecto3.k8s.yaml",
      "strimzi/votaciones.k8s.yaml",
      "votaciones.k8s.yaml",
    ]);
    expect(await texts(join(root, "dist"))).toEqual(fresh);
  },
  synthMs,
);

// A Job cannot be changed, so one with another image has another name.
const withoutJobs = (text: string) => text.replaceAll(/secrets-[0-9a-f]{8}/g, "secrets");

test(
  "REGISTRY stands before every image, and changes nothing else",
  async () => {
    const [bare, from] = await Promise.all([
      synthesized({}),
      synthesized({ REGISTRY: "registry.example:5000" }),
    ]);
    const expected = Object.entries(bare).map(([name, text]) => [
      name,
      withoutJobs(text).replaceAll(
        "image: tweet-pipeline/",
        "image: registry.example:5000/tweet-pipeline/",
      ),
    ]);
    expect(from).not.toEqual(bare);
    const found = Object.entries(from).map(([name, text]) => [name, withoutJobs(text)]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  },
  synthMs,
);

test(
  "SECRETS=external leaves out the Secrets' Job and all that it needs; INGRESS_CLASS and INGRESS_HOST say who serves",
  async () => {
    const made = await synthesized({
      SECRETS: "external",
      INGRESS_CLASS: "nginx",
      INGRESS_HOST: "clima.example",
    });
    for (const [name, manifests] of Object.entries(made)) {
      if (name.startsWith("cloud-run/")) continue;
      const objects = Bun.YAML.parse(manifests) as Manifest[];
      const kinds = objects.map(({ kind }) => kind);
      expect(kinds).not.toContain("Role");
      expect(kinds).not.toContain("Job");
      const ingress = objects.find(({ kind }) => kind === "Ingress");
      expect(at(ingress, "spec.ingressClassName")).toBe("nginx");
      expect(at(ingress, "spec.rules.0.host")).toBe("clima.example");
    }
  },
  synthMs,
);

test("a setting that is none stops the synth with the way out", async () => {
  const { code, stderr } = await runProgram({
    command: [process.execPath, "main.ts"],
    cwd: root,
    env: { SECRETS: "mine", CDK8S_OUTDIR: "/nonexistent" },
    timeoutMs: synthMs,
  });
  expect(code).toBe(78);
  expect(stderr).toContain('SECRETS must be one of bootstrap, external: current value is "mine"');
});
