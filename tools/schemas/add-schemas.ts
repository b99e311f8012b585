import type { Kubectl } from "../e2e/kubectl.ts";
import { waitFor } from "../e2e/wait-for.ts";
import { crdSources } from "./crd-sources.ts";
import { type Crd, fetchCrds } from "./fetch-crds.ts";

/** Where schemas go. */
export interface SchemaTarget {
  readonly cluster: Kubectl;
  readonly signal: AbortSignal;
  say(text: string): void;
}

const establishMs = 60_000;
const applyMs = 120_000;

/** Adds the schemas that the cluster does not have, and returns their names. */
export async function addSchemas({ cluster, signal, say }: SchemaTarget): Promise<string[]> {
  const added: string[] = [];
  const there = new Set((await cluster.list("crds")).map(({ metadata }) => metadata.name));
  for (const source of crdSources) {
    say(`${source.module} ${source.version}`);
    const crds = await fetchCrds(source, signal);
    const missing = crds.filter(({ metadata }) => !there.has(metadata.name));
    if (missing.length === 0) continue;
    const list = { apiVersion: "v1", kind: "List", items: missing };
    // Too large for the annotation of an apply by the client.
    await cluster.run(["apply", "--server-side", "--filename", "-"], applyMs, JSON.stringify(list));
    added.push(...missing.map(({ metadata }) => metadata.name));
  }
  await waitFor({
    what: "the schemas served",
    limitMs: establishMs,
    signal,
    look: async () => {
      const crds = await cluster.list<EstablishedCrd>("crds");
      return crds.every(isEstablished) || undefined;
    },
  });
  return added;
}

interface EstablishedCrd extends Crd {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

function isEstablished({ status }: EstablishedCrd): boolean {
  const conditions = status?.conditions ?? [];
  return conditions.some((each) => each.type === "Established" && each.status === "True");
}

/** The kinds that the cluster has, as `<group>/<version> <kind>`. */
export async function kindsOf(cluster: Kubectl): Promise<ReadonlySet<string>> {
  const text = await cluster.run(["api-resources", "--no-headers", "--cached=false"]);
  return new Set(
    text.split("\n").flatMap((line) => {
      const [kind, , apiVersion] = line.trim().split(/\s+/).reverse();
      return apiVersion === undefined ? [] : [`${apiVersion} ${kind}`];
    }),
  );
}
