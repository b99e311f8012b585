import { join } from "node:path";
import { App } from "cdk8s";
import { CloudRunChart, PrivateWaysChart } from "./charts/cloud-run.ts";
import { readCloudRun, readCluster, readGitSource } from "./charts/cluster-config.ts";
import { synthesize } from "./charts/synthesize.ts";
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
  synthesize({ outdir, cluster, source: readGitSource(process.env) });

  // What Google's Cloud Run takes, and what leads it to the stores of a cluster.
  const { cidr, ...network } = readCloudRun(process.env);
  const cloudRun = new App({ outdir: join(outdir, "cloud-run") });
  new CloudRunChart(cloudRun, "votaciones", network);
  new PrivateWaysChart(cloudRun, "private-ways", cidr === undefined ? {} : { cidr });
  cloudRun.synth();
}
