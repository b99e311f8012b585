import { join } from "node:path";
import { App } from "cdk8s";
import { ClimaAppChart } from "./charts/clima-app.ts";
import { CloudRunChart, PrivateWaysChart } from "./charts/cloud-run.ts";
import { readCloudRun, readCluster } from "./charts/cluster-config.ts";
import { DemoChart } from "./charts/demo.ts";
import { Proyecto3Chart } from "./charts/proyecto3.ts";
import { VotacionesChart } from "./charts/votaciones.ts";
import { ConfigError, EXIT_CONFIG } from "./lib/config.ts";

try {
  // Where the manifests go is the command line tool's to say; without it they go to `dist/`.
  synth(process.env.CDK8S_OUTDIR ?? "dist");
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = EXIT_CONFIG;
}

function synth(outdir: string): void {
  const cluster = readCluster(process.env);

  // What every cluster takes.
  const plain = new App({ outdir });
  new ClimaAppChart(plain, "clima-app", cluster);
  new DemoChart(plain, "demo", cluster);
  new Proyecto3Chart(plain, "proyecto3", cluster);
  new VotacionesChart(plain, "votaciones", cluster);
  plain.synth();

  // What needs Strimzi's operator.
  const strimzi = new App({ outdir: join(outdir, "strimzi") });
  new VotacionesChart(strimzi, "votaciones", { ...cluster, kafka: "strimzi" });
  strimzi.synth();

  // What Google's Cloud Run takes, and what leads it to the stores of a cluster.
  const { cidr, ...network } = readCloudRun(process.env);
  const cloudRun = new App({ outdir: join(outdir, "cloud-run") });
  new CloudRunChart(cloudRun, "votaciones", network);
  new PrivateWaysChart(cloudRun, "private-ways", cidr === undefined ? {} : { cidr });
  cloudRun.synth();
}
