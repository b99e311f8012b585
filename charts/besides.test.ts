import { describe, expect, test } from "bun:test";
import { App } from "cdk8s";
import { ClimaAppChart } from "./clima-app.ts";
import { unknownRepository } from "./constructs/git-source.ts";
import { ArgoChart, FluxChart } from "./gitops.ts";
import { RecommendationsChart } from "./recommendations.ts";
import { at, type Manifest, manifestOf } from "./testing/manifest.ts";
import { VotacionesChart } from "./votaciones.ts";

const app = new App();
const chart = new VotacionesChart(app, "votaciones");
const source = {
  repository: "https://git.example/team/pipeline",
  revision: "main",
  folder: "dist",
};

describe("recommendations", () => {
  test("look at every workload that runs on, and change none", () => {
    const plain = new ClimaAppChart(app, "clima-app");
    const objects: readonly Manifest[] = plain.toJson();
    const running = objects.filter(({ kind }) => ["Deployment", "StatefulSet"].includes(kind));
    const vpas: readonly Manifest[] = new RecommendationsChart(app, "vpa", { of: plain }).toJson();
    expect(vpas.map((each) => at(each, "spec.targetRef"))).toEqual(
      running.map(({ kind, metadata: { name } }) => ({ apiVersion: "apps/v1", kind, name })),
    );
    for (const each of vpas) {
      expect(at(each, "spec.updatePolicy")).toEqual({ updateMode: "Off" });
      expect(each.metadata.namespace).toBe("clima-app");
    }
  });
});

describe("Argo CD", () => {
  const [application] = new ArgoChart(app, "argo", { source, chart }).toJson() as Manifest[];

  test("applies the one file of a chart, into the chart's namespace", () => {
    expect(at(application, "spec.source")).toEqual({
      repoURL: source.repository,
      targetRevision: "main",
      path: "dist",
      directory: { include: "votaciones.k8s.yaml", recurse: false },
    });
    expect(at(application, "spec.destination.namespace")).toBe("kafka");
  });

  test("has the server tell what differs, so that what it fills in is no difference", () => {
    expect(at(application, "metadata.annotations")).toEqual({
      "argocd.argoproj.io/compare-options": "ServerSideDiff=true",
    });
    expect(at(application, "spec.syncPolicy.syncOptions")).toContain("ServerSideApply=true");
  });

  test("runs the Secrets' Job with each sync, and holds nobody to what has gone by itself", () => {
    const job = (chart.toJson() as Manifest[]).find(({ kind }) => kind === "Job");
    expect(at(job, "metadata.annotations")).toEqual({
      "argocd.argoproj.io/hook": "Sync",
      "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
    });
  });

  test("finds nothing in a manifest that a controller writes: what is scaled says no number", () => {
    for (const props of [{}, { scaling: "lag" }] as const) {
      const objects: readonly Manifest[] = new VotacionesChart(
        new App(),
        "votaciones",
        props,
      ).toJson();
      expect(
        at(manifestOf(objects, "Deployment", "consumer-deployment"), "spec.replicas"),
      ).toBeUndefined();
    }
  });
});

describe("Flux", () => {
  const objects: readonly Manifest[] = new FluxChart(app, "flux", { source, chart }).toJson();

  test("reads the repository without any manifest but the chart's", () => {
    expect(at(manifestOf(objects, "GitRepository", "votaciones"), "spec")).toMatchObject({
      url: source.repository,
      ref: { branch: "main" },
      ignore: "/*\n!/dist\n/dist/*\n!/dist/votaciones.k8s.yaml\n",
    });
  });

  test("applies the folder, and takes away what is no more in it", () => {
    expect(at(manifestOf(objects, "Kustomization", "votaciones"), "spec")).toMatchObject({
      sourceRef: { kind: "GitRepository", name: "votaciones" },
      path: "./dist",
      prune: true,
    });
  });

  test("finds a folder within a folder", () => {
    const deep = { ...source, folder: "dist/keda" };
    const [repository] = new FluxChart(app, "deep", { source: deep, chart }).toJson() as Manifest[];
    expect(at(repository, "spec.ignore")).toBe(
      "/*\n!/dist\n/dist/*\n!/dist/keda\n/dist/keda/*\n!/dist/keda/votaciones.k8s.yaml\n",
    );
  });
});

test("without a repository, nothing that points to one can be applied: a label says what is missing", () => {
  const nowhere = { ...source, repository: unknownRepository };
  const props = { source: nowhere, chart };
  for (const made of [new ArgoChart(app, "a", props), new FluxChart(app, "f", props)]) {
    for (const each of made.toJson()) {
      expect(at(each, "metadata.labels")).toEqual({
        "tweet-pipeline/repository": "set GITOPS_REPOSITORY at synth",
      });
    }
  }
});
