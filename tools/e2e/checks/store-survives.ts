import { boardClient } from "../../../loadtest/board.ts";
import { workloadsThat } from "../chart-under-test.ts";
import type { Check, CheckContext } from "../check.ts";
import type { Pod, Workload } from "../objects.ts";
import { allReady } from "../ready.ts";
import { waitFor } from "../wait-for.ts";

const killMs = 90_000;
const answerMs = 60_000;

/**
 * What the stores hold is the same after all their pods were ended at once, without a chance to write anything. Meanwhile no
 * consumer runs: from Kafka's log it would fold all of it once more, and nobody would know that the store had lost it.
 */
export const storeSurvives: Check = {
  name: "what is stored survives the stores' pods",
  run: async (context) => {
    const { chart, cluster } = context;
    const stores = workloadsThat(chart, "store");
    if (stores.length === 0) throw new Error(`Cannot end a store: ${chart.name} has none`);
    const consumers = workloadsThat(chart, "consumer");
    const scale = (replicas: (consumer: Workload) => number) =>
      Promise.all(
        consumers.map((each) =>
          cluster.run([
            "scale",
            `deployment/${each.metadata.name}`,
            `--replicas=${replicas(each)}`,
          ]),
        ),
      );
    await scale(() => 0);
    try {
      await gone(context, consumers);
      return await endStores(context, stores);
    } finally {
      await scale(({ spec }) => spec.replicas ?? 1);
    }
  },
};

/** Waits until the workloads have no pods. */
async function gone(
  { cluster, signal }: CheckContext,
  workloads: readonly Workload[],
): Promise<void> {
  await waitFor({
    what: "the end of the consumers",
    limitMs: answerMs,
    signal,
    look: async () => {
      const lists = workloads.map(({ spec }) =>
        cluster.list<Pod>("pods", spec.selector.matchLabels),
      );
      return (await Promise.all(lists)).flat().length === 0 || undefined;
    },
  });
}

async function endStores(context: CheckContext, stores: readonly Workload[]): Promise<string> {
  const { chart, cluster, ingress, signal } = context;
  const board = boardClient(ingress, chart.mix.pipeline);
  const before = await board.ledger();
  const counts = await board.state();
  const lists = stores.map(({ spec }) => cluster.list<Pod>("pods", spec.selector.matchLabels));
  const names = (await Promise.all(lists)).flat().map(({ metadata }) => metadata.name);
  await cluster.run(["delete", "pod", ...names, "--grace-period=0", "--force"], killMs);
  await allReady(context);
  const after = await waitFor({
    what: "the board's answer",
    limitMs: answerMs,
    signal,
    look: () => board.ledger(),
  });
  const state = await board.state();
  const lost = chart.mix.compared.filter((key) => !Bun.deepEquals(counts[key], state[key]));
  if (after.stored !== before.stored || lost.length > 0) {
    throw new Error(
      `Stored were ${before.stored} events, now ${after.stored}; changed: ${lost.join(", ") || "no count"}`,
    );
  }
  return `${after.stored} events before and after the end of ${names.join(", ")}`;
}
