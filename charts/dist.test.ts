import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../tools/run-program.ts";
import { at, type Manifest } from "./testing/manifest.ts";

const synthMs = 60_000;
const pipelines = ["clima-app", "proyecto3", "votaciones"];
const charts = ["clima-app", "demo", "proyecto3", "votaciones"];
const inFolder = (folder: string, names: readonly string[]) =>
  names.map((name) => `${folder}/${name}.k8s.yaml`);

/** What stands beside the charts: no workload, no way in. */
const isBeside = (name: string) => /^(cloud-run|gitops|vpa)\//.test(name);
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
      ...inFolder("gateway", pipelines),
      ...inFolder("gitops/argocd", charts),
      ...inFolder("gitops/flux", charts),
      ...inFolder("keda", pipelines),
      ...inFolder("operators", pipelines),
      "proyecto3.k8s.yaml",
      "sentinels/clima-app.k8s.yaml",
      "strimzi/votaciones.k8s.yaml",
      "votaciones.k8s.yaml",
      ...inFolder("vpa", charts),
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
      if (isBeside(name)) continue;
      const objects = Bun.YAML.parse(manifests) as Manifest[];
      const kinds = objects.map(({ kind }) => kind);
      const roles = objects.filter(({ kind }) => kind === "Role");
      expect(roles.filter(({ metadata }) => metadata.name === "secrets")).toEqual([]);
      expect(kinds).not.toContain("Job");
      if (name.startsWith("gateway/")) {
        const routes = objects.filter(({ kind }) => kind.endsWith("Route"));
        for (const each of routes) {
          const grpc = each.kind === "GRPCRoute" ? "grpc." : "";
          expect(at(each, "spec.hostnames")).toEqual([`${grpc}clima.example`]);
        }
        continue;
      }
      const ingress = objects.find(({ kind }) => kind === "Ingress");
      expect(at(ingress, "spec.ingressClassName")).toBe("nginx");
      expect(at(ingress, "spec.rules.0.host")).toBe("clima.example");
    }
  },
  synthMs,
);

test(
  "API_KEYS_SECRET and CLIENT_RATE make first doors ask for keys, and the load generators send one",
  async () => {
    const made = await synthesized({ API_KEYS_SECRET: "clients", CLIENT_RATE: "20" });
    for (const [name, door] of [
      ["clima-app.k8s.yaml", "api-rust"],
      ["demo.k8s.yaml", "api"],
      ["proyecto3.k8s.yaml", "rust-api"],
      ["votaciones.k8s.yaml", "grpc-deployment"],
      ["strimzi/votaciones.k8s.yaml", "apirust-deployment"],
    ] as const) {
      const objects = Bun.YAML.parse(made[name] ?? "") as Manifest[];
      const deployment = objects.find((each) => each.metadata.name === door && isDeployment(each));
      const container = at(deployment, "spec.template.spec.containers.0");
      expect([name, at(container, "volumeMounts.0.mountPath")]).toEqual([
        name,
        "/etc/tweet-pipeline/api-keys",
      ]);
      expect(at(container, "env")).toContainEqual({ name: "CLIENT_RATE", value: "20" });
      expect((made[name] ?? "").includes("clients-load")).toBe(!name.startsWith("demo"));
    }
  },
  synthMs,
);

test(
  "HOP_TLS_SECRET and HOP_TLS_ISSUER make hops go by mutual TLS in every chart, with a Certificate for cert-manager",
  async () => {
    const made = await synthesized({ HOP_TLS_SECRET: "hops", HOP_TLS_ISSUER: "Issuer/internal" });
    for (const [name, door] of [
      ["clima-app.k8s.yaml", "client-go"],
      ["demo.k8s.yaml", "writer"],
      ["proyecto3.k8s.yaml", "rust-api"],
      ["strimzi/votaciones.k8s.yaml", "apirust-writer"],
    ] as const) {
      const objects = Bun.YAML.parse(made[name] ?? "") as Manifest[];
      const deployment = objects.find((each) => each.metadata.name === door && isDeployment(each));
      const container = at(deployment, "spec.template.spec.containers.0");
      expect([name, at(container, "volumeMounts.0.mountPath")]).toEqual([
        name,
        "/etc/tweet-pipeline/hop-tls",
      ]);
      const certificate = objects.find(({ kind }) => kind === "Certificate");
      expect(at(certificate, "spec")).toMatchObject({
        secretName: "hops",
        issuerRef: { kind: "Issuer", name: "internal" },
      });
    }
  },
  synthMs,
);

const isDeployment = ({ kind }: Manifest) => kind === "Deployment";

test("a setting that is none stops the synth with the way out", async () => {
  const { code, stderr } = await runProgram({
    command: [process.execPath, "main.ts"],
    cwd: root,
    env: { SECRETS: "mine", CDK8S_OUTDIR: "/nonexistent" },
    timeoutMs: synthMs,
  });
  expect(code).toBe(78);
  expect(stderr).toContain(
    'SECRETS must be one of bootstrap, external, external-secrets: current value is "mine"',
  );
});

test(
  "SECRETS=external-secrets has every Secret that the Job would make read from a store",
  async () => {
    const store = {
      SECRET_STORE: "vault",
      SECRET_STORE_SCOPE: "namespace",
      SECRET_PREFIX: "team/",
    };
    const [plain, made] = await Promise.all([
      synthesized({}),
      synthesized({ SECRETS: "external-secrets", ...store }),
    ]);
    for (const [name, manifests] of Object.entries(made)) {
      if (isBeside(name)) continue;
      const objects = Bun.YAML.parse(manifests) as Manifest[];
      const secrets = objects.filter(({ kind }) => kind === "ExternalSecret");
      expect(objects.map(({ kind }) => kind)).not.toContain("Job");
      expect(secrets.map(({ metadata }) => metadata.name)).toEqual(
        plannedIn(Bun.YAML.parse(plain[name] ?? "") as Manifest[]),
      );
      for (const each of secrets) {
        expect(at(each, "spec.secretStoreRef")).toEqual({ name: "vault", kind: "SecretStore" });
        expect(at(each, "spec.data.0.remoteRef.key")).toBe(`team/${each.metadata.name}`);
      }
    }
  },
  synthMs,
);

/** The names of the Secrets that a chart's Job makes. */
function plannedIn(objects: readonly Manifest[]): string[] {
  const job = objects.find(({ kind }) => kind === "Job");
  const plan = String(at(job, "spec.template.spec.containers.0.env.0.value"));
  return (JSON.parse(plan) as { name: string }[]).map(({ name }) => name);
}

test(
  "SCALING, WAY_IN and GATEWAY_CLASS choose for all charts, GITOPS_REPOSITORY names the repository",
  async () => {
    const made = await synthesized({
      ...{ SCALING: "lag", WAY_IN: "gateway", GATEWAY_CLASS: "gke-l7-gxlb" },
      ...{ GITOPS_REPOSITORY: "ssh://git@git.example/team/pipeline", GITOPS_REVISION: "live" },
    });
    const objects = (name: string) => Bun.YAML.parse(made[name] ?? "") as Manifest[] | Manifest;
    for (const name of ["clima-app.k8s.yaml", "strimzi/votaciones.k8s.yaml"]) {
      const all = [objects(name)].flat();
      const gateway = all.find(({ kind }) => kind === "Gateway");
      expect(at(gateway, "spec.gatewayClassName")).toBe("gke-l7-gxlb");
      const kinds = all.map(({ kind }) => kind);
      expect(kinds).toContain("ScaledObject");
      expect(kinds).not.toContain("Ingress");
    }
    const [application] = [objects("gitops/argocd/votaciones.k8s.yaml")].flat();
    expect(at(application, "spec.source")).toMatchObject({
      repoURL: "ssh://git@git.example/team/pipeline",
      targetRevision: "live",
    });
    expect(at(application, "metadata.labels")).toBeUndefined();
  },
  synthMs,
);
