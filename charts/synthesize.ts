import { join } from "node:path";
import { App, type Chart } from "cdk8s";
import { ClimaAppChart } from "./clima-app.ts";
import type { ClusterProps } from "./cluster-props.ts";
import type { GitSource } from "./constructs/git-source.ts";
import { DemoChart } from "./demo.ts";
import { ArgoChart, FluxChart } from "./gitops.ts";
import { Proyecto3Chart } from "./proyecto3.ts";
import { RecommendationsChart } from "./recommendations.ts";
import { VotacionesChart } from "./votaciones.ts";

/** What is synthesized: for which cluster, and where it is applied from. */
export interface Synthesis {
  /** The folder that is written to. */
  readonly outdir: string;
  /** What holds for all charts. */
  readonly cluster: ClusterProps;
  /** The repository, for those who apply from one. */
  readonly source: GitSource;
}

/** What every cluster takes, and, each in a folder, what takes an operator or another API: every chart whole. */
export function synthesize({ outdir, cluster, source }: Synthesis): void {
  const plain = new App({ outdir });
  const charts = [
    new ClimaAppChart(plain, "clima-app", cluster),
    new DemoChart(plain, "demo", cluster),
    new Proyecto3Chart(plain, "proyecto3", cluster),
    new VotacionesChart(plain, "votaciones", cluster),
  ];
  plain.synth();

  const folder = (...names: readonly string[]) => new App({ outdir: join(outdir, ...names) });
  const strimzi = folder("strimzi");
  new VotacionesChart(strimzi, "votaciones", { ...cluster, kafka: "strimzi" });
  strimzi.synth();

  const operators = folder("operators");
  new ClimaAppChart(operators, "clima-app", { ...cluster, rabbit: "operator" });
  new Proyecto3Chart(operators, "proyecto3", { ...cluster, rabbit: "operator" });
  new VotacionesChart(operators, "votaciones", { ...cluster, mongo: "operator" });
  operators.synth();

  const sentinels = folder("sentinels");
  new ClimaAppChart(sentinels, "clima-app", { ...cluster, primary: "sentinels" });
  sentinels.synth();

  const keda = folder("keda");
  everyPipeline(keda, { ...cluster, scaling: "lag" });
  keda.synth();

  const gateway = folder("gateway");
  everyPipeline(gateway, { ...cluster, wayIn: "gateway" });
  gateway.synth();

  besides(charts, { outdir, source });
}

function everyPipeline(app: App, cluster: ClusterProps): void {
  new ClimaAppChart(app, "clima-app", cluster);
  new Proyecto3Chart(app, "proyecto3", cluster);
  new VotacionesChart(app, "votaciones", cluster);
}

/** What stands beside the charts: who looks at what their pods take, and who applies them from a repository. */
function besides(charts: readonly Chart[], { outdir, source }: Omit<Synthesis, "cluster">): void {
  const vpa = new App({ outdir: join(outdir, "vpa") });
  for (const chart of charts) new RecommendationsChart(vpa, chart.node.id, { of: chart });
  vpa.synth();

  const argo = new App({ outdir: join(outdir, "gitops", "argocd") });
  for (const chart of charts) new ArgoChart(argo, chart.node.id, { source, chart });
  argo.synth();

  const flux = new App({ outdir: join(outdir, "gitops", "flux") });
  for (const chart of charts) new FluxChart(flux, chart.node.id, { source, chart });
  flux.synth();
}
