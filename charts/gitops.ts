import { Chart } from "cdk8s";
import type { Construct } from "constructs";
import { ArgoApplication } from "./constructs/argo-application.ts";
import { FluxKustomization } from "./constructs/flux-kustomization.ts";
import type { GitSource } from "./constructs/git-source.ts";

/** What a chart is that applies another from a repository. */
export interface GitOpsProps {
  /** Where the manifests are. */
  readonly source: GitSource;

  /** The chart that is applied. */
  readonly chart: Chart;
}

/** Argo CD's `Application` of a chart. */
export class ArgoChart extends Chart {
  constructor(scope: Construct, id: string, { source, chart }: GitOpsProps) {
    super(scope, id, { disableResourceNameHashes: true });
    const { namespace = "default" } = chart;
    new ArgoApplication(this, "argo", { source, chart: chart.node.id, namespace });
  }
}

/** Flux's `GitRepository` and `Kustomization` of a chart. */
export class FluxChart extends Chart {
  constructor(scope: Construct, id: string, { source, chart }: GitOpsProps) {
    super(scope, id, { disableResourceNameHashes: true });
    new FluxKustomization(this, "flux", { source, chart: chart.node.id });
  }
}
