import { expect, test } from "bun:test";
import type { Manifest } from "./manifest.ts";
import { schemaFaults } from "./schema-faults.ts";

const labels = { app: "x" };

function deployment(spec: object, container: object): Manifest {
  const containers = [{ name: "x", image: "x:1", ...container }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "x" },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
      ...spec,
    },
  } as Manifest;
}

test("schemaFaults() finds nothing in a manifest that fits", () => {
  const lifecycle = { preStop: { sleep: { seconds: 3 } } };
  expect(schemaFaults(deployment({ replicas: 1 }, { lifecycle }))).toEqual([]);
});

test("schemaFaults() names a misspelt field, however deep", () => {
  expect(schemaFaults(deployment({ replica: 1 }, { env: [{ name: "A", valeu: "1" }] }))).toEqual([
    "/spec/template/spec/containers/0/env/0/valeu is no field of the schema",
    "/spec/replica is no field of the schema",
  ]);
});

test("schemaFaults() names a null", () => {
  expect(schemaFaults(deployment({ replicas: null }, {}))).toEqual(["/spec/replicas is null"]);
});

test("schemaFaults() names what is missing and what has the wrong type", () => {
  expect(schemaFaults(deployment({ replicas: "1" }, {})).join()).toContain("spec/replicas");
  const readinessProbe = { httpGet: { path: "/" } };
  expect(schemaFaults(deployment({}, { readinessProbe })).join()).toContain("property port");
});

test("schemaFaults() names a kind that it has no schema of", () => {
  const faults = schemaFaults({ apiVersion: "v1", kind: "Sevrice", metadata: { name: "x" } });
  expect(faults).toEqual(["v1/Sevrice has no schema here"]);
});
