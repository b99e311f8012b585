import { type ChartUnderTest, servingWorkloads, workloadsThat } from "../chart-under-test.ts";
import type { Check, CheckContext } from "../check.ts";
import type { Workload } from "../objects.ts";
import { allReady } from "../ready.ts";
import { underLoad } from "../steady-load.ts";

const rollMs = 300_000;
const load = { users: 4, pauseMs: 20 };

/** Every workload rolled at once but brokers of one node, without which no event can be acknowledged. */
export const rolled: Check = {
  name: "rolled under load, no request failed",
  run: async (context) => {
    const alone = loneBrokers(context.chart);
    const workloads = servingWorkloads(context.chart).filter((each) => !alone.includes(each));
    const { figures, failedFirst } = await underLoad(context, load, () => roll(context, workloads));
    if (failedFirst.length > 0) throw new Error([figures, ...failedFirst].join("\n"));
    const left = alone.map(({ metadata }) => metadata.name).join(", ");
    return `${workloads.length} rolled; ${figures}${left === "" ? "" : `; of one node and rolled next: ${left}`}`;
  },
};

/** Brokers of one node are away while they roll: requests fail then, and are repeated. */
export const brokersRolled: Check = {
  name: "brokers of one node rolled under load, nothing lost",
  lacks: (chart) => (loneBrokers(chart).length === 0 ? "such a broker" : undefined),
  run: async (context) => {
    const alone = loneBrokers(context.chart);
    const { figures } = await underLoad(context, load, () => roll(context, alone));
    return `${alone.map(({ metadata }) => metadata.name).join(", ")}; ${figures}`;
  },
};

function loneBrokers(chart: ChartUnderTest): readonly Workload[] {
  return workloadsThat(chart, "broker").filter(({ spec }) => (spec.replicas ?? 1) === 1);
}

async function roll(context: CheckContext, workloads: readonly Workload[]): Promise<void> {
  const { cluster, say } = context;
  const names = workloads.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
  await cluster.run(["rollout", "restart", ...names]);
  for (const name of names) {
    say(`rolling ${name}`);
    await cluster.run(["rollout", "status", name, `--timeout=${rollMs / 1_000}s`], rollMs + 5_000);
  }
  await allReady(context);
}
