import { App, Chart } from "cdk8s";
import type { Manifest } from "./manifest.ts";
import { schemaFaults } from "./schema-faults.ts";

/** The manifests of a chart in the namespace `space`, as they would stand in `dist/`. */
export function synth(build: (chart: Chart) => void, namespace = "space"): readonly Manifest[] {
  const chart = new Chart(new App(), "chart", { namespace, disableResourceNameHashes: true });
  build(chart);
  return chart.toJson();
}

/** What Kubernetes' schema has against any of them, each with its kind and name. */
export function allFaults(manifests: readonly Manifest[]): readonly string[] {
  return manifests.flatMap((manifest) =>
    schemaFaults(manifest).map((fault) => `${manifest.kind} ${manifest.metadata.name}: ${fault}`),
  );
}
