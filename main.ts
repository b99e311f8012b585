import { App } from "cdk8s";
import { ClimaAppChart } from "./charts/clima-app.ts";

// Where the manifests go is the command line tool's to say; without it they go to `dist/`.
const app = new App();
new ClimaAppChart(app, "clima-app", { registry: process.env.REGISTRY ?? "" });
app.synth();
