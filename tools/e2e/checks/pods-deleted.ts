import { servingWorkloads } from "../chart-under-test.ts";
import type { Check } from "../check.ts";
import type { Pod } from "../objects.ts";
import { allReady, pods } from "../ready.ts";
import { underLoad } from "../steady-load.ts";

const deleteMs = 90_000;
const load = { users: 4, pauseMs: 20 };

/** One pod of every workload deleted while events come in; each is waited for before the next one goes. */
export const podsDeleted: Check = {
  name: "one pod of every workload deleted under load, nothing lost",
  run: async (context) => {
    const { chart, cluster, say } = context;
    const workloads = servingWorkloads(chart);
    const { figures } = await underLoad(context, load, async () => {
      for (const { metadata, spec } of workloads) {
        const pod = (await pods(context)).find((each) => isOf(each, spec.selector.matchLabels));
        if (pod === undefined) throw new Error(`Cannot find a pod of ${metadata.name}`);
        say(`deleting ${pod.metadata.name}`);
        await cluster.remove("pod", pod.metadata.name, deleteMs);
        await allReady(context);
      }
    });
    return `${workloads.length} pods deleted; ${figures}`;
  },
};

function isOf({ metadata }: Pod, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value);
}
