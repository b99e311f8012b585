import { autoscalerOf } from "../chart-under-test.ts";
import type { Check, CheckContext } from "../check.ts";
import type { Workload } from "../objects.ts";
import { underLoad } from "../steady-load.ts";
import { waitFor } from "../wait-for.ts";

/** An autoscaler sees new load after half a minute, and its metrics lag as much again. */
const upMs = 240_000;
/** Down it waits two minutes, then takes one pod a minute. */
const downMs = 600_000;

const load = { users: 20, pauseMs: 0 };

/** The first autoscaler of the chart, from its fewest pods to its most and, in the long form, back. */
export const autoscale: Check = {
  name: "autoscaled under load",
  lacks: (chart) => (autoscalerOf(chart) === undefined ? "an autoscaler" : undefined),
  run: async (context) => {
    const { chart, short } = context;
    const scaler = autoscalerOf(chart);
    if (scaler === undefined) throw new Error(`Cannot see ${chart.name} scale: nothing scales it`);
    const { scaleTargetRef, minReplicas = 1, maxReplicas } = scaler.spec;
    const { name } = scaleTargetRef;
    const before = await context.cluster.find<Workload>("deployment", name);
    const from = before?.status.readyReplicas ?? 0;
    const startMs = performance.now();
    let upS = 0;
    const { figures } = await underLoad(context, load, async () => {
      await ready(context, name, (count) => count === maxReplicas, upMs);
      upS = secondsSince(startMs);
    });
    const up = `${name} from ${from} to ${maxReplicas} pods in ${upS} s; ${figures}`;
    if (short) return `${up}; the way back left out`;
    const downStartMs = performance.now();
    await ready(context, name, (count) => count === minReplicas, downMs);
    return `${up}; back at ${minReplicas} after ${secondsSince(downStartMs)} s`;
  },
};

async function ready(
  { cluster, signal, say }: CheckContext,
  name: string,
  wanted: (count: number) => boolean,
  limitMs: number,
): Promise<void> {
  let seen = 0;
  await waitFor({
    what: `${name} scaled`,
    limitMs,
    signal,
    everyMs: 2_000,
    look: async () => {
      const workload = await cluster.find<Workload>("deployment", name);
      seen = workload?.status.readyReplicas ?? 0;
      say(`${name} has ${seen} pods ready`);
      return wanted(seen) && workload?.spec.replicas === seen ? seen : undefined;
    },
    why: () => Promise.resolve(`${name} has ${seen} pods ready`),
  });
}

function secondsSince(startMs: number): number {
  return Math.round((performance.now() - startMs) / 1_000);
}
