import type { CheckContext } from "./check.ts";
import { isReady, whyNotReady } from "./not-ready.ts";
import type { Pod, Workload } from "./objects.ts";
import { waitFor } from "./wait-for.ts";

const readyMs = 300_000;

/** Every pod of the namespace that is not on its way out. */
export async function pods({ cluster }: Pick<CheckContext, "cluster">): Promise<readonly Pod[]> {
  const all = await cluster.list<Pod>("pods");
  return all.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

/**
 * Waits until every workload has the pods that it asks for, and every pod of the namespace is ready.
 *
 * @throws Error with the reasons of those that are not.
 */
export async function allReady(
  { cluster, signal, say }: Pick<CheckContext, "cluster" | "signal" | "say">,
  limitMs = readyMs,
): Promise<readonly Pod[]> {
  return waitFor({
    what: "every pod ready",
    limitMs,
    signal,
    look: async () => {
      const now = await pods({ cluster });
      const late = now.filter((pod) => !isReady(pod));
      const waiting = (await workloads(cluster)).filter((each) => !isComplete(each));
      const names = [...late, ...waiting].map(({ metadata }) => metadata.name);
      say(
        `${now.length - late.length} of ${now.length} pods ready${names.length > 0 ? `, waiting for ${names.join(", ")}` : ""}`,
      );
      return names.length === 0 && now.length > 0 ? now : undefined;
    },
    why: async () => whyNotReady(cluster, await pods({ cluster })),
  });
}

async function workloads(cluster: CheckContext["cluster"]): Promise<readonly Workload[]> {
  return cluster.list<Workload>("deployments,statefulsets");
}

function isComplete({ spec, status }: Workload): boolean {
  return (status.readyReplicas ?? 0) === (spec.replicas ?? 1);
}
