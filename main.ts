import { join } from "node:path";
import { App } from "cdk8s";
import { ClimaAppChart } from "./charts/clima-app.ts";
import { DemoChart } from "./charts/demo.ts";
import { Proyecto3Chart } from "./charts/proyecto3.ts";
import { VotacionesChart } from "./charts/votaciones.ts";

// Where the manifests go is the command line tool's to say; without it they go to `dist/`.
const outdir = process.env.CDK8S_OUTDIR ?? "dist";
const registry = process.env.REGISTRY ?? "";

// What every cluster takes.
const plain = new App({ outdir });
new ClimaAppChart(plain, "clima-app", { registry });
new DemoChart(plain, "demo", { registry });
new Proyecto3Chart(plain, "proyecto3", { registry });
new VotacionesChart(plain, "votaciones", { registry });
plain.synth();

// What needs Strimzi's operator.
const strimzi = new App({ outdir: join(outdir, "strimzi") });
new VotacionesChart(strimzi, "votaciones", { registry, kafka: "strimzi" });
strimzi.synth();
