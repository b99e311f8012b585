import { pause } from "../../../lib/pause.ts";
import { type ChartUnderTest, workloadsThat } from "../chart-under-test.ts";
import type { Check, CheckContext } from "../check.ts";
import { kubectl } from "../kubectl.ts";
import type { KubeObject, Workload } from "../objects.ts";
import { allReady } from "../ready.ts";
import { underLoad } from "../steady-load.ts";
import { waitFor } from "../wait-for.ts";

const rounds = 3;
const chosenMs = 90_000;
const killMs = 90_000;
const sentinelPort = 26_379;
const calmMs = 5_000;
const load = { users: 4, pauseMs: 20 };

/**
 * The pod of the store's primary is ended by force while events come in, and can be nowhere for a while, as if its node
 * were lost: sentinels choose another, our services follow, what was acknowledged is stored once; again and again.
 */
export const primaryReplaced: Check = {
  name: "the store's primary is replaced under load, nothing lost",
  lacks: (chart) =>
    storeUnderSentinels(chart) === undefined ? "no store has sentinels" : undefined,
  run: async (context) => {
    const store = storeUnderSentinels(context.chart);
    if (store === undefined) throw new Error(`Cannot end a primary: no store has sentinels`);
    const done: string[] = [];
    const { figures } = await underLoad(context, load, async () => {
      for (let round = 0; round < (context.short ? 1 : rounds); round++) {
        done.push(await endPrimary(context, store));
        await pause(calmMs, context.signal);
      }
    });
    return `${done.join(", ")}; ${figures}`;
  },
};

/** Ends the primary's pod and waits until another is the primary and all are ready; returns how that went, in a few words. */
async function endPrimary(context: CheckContext, store: Workload): Promise<string> {
  const { cluster, signal, say } = context;
  const before = await primaryOf(context, store, podsOf(store));
  say(`ending ${before}`);
  const others = podsOf(store).filter((each) => each !== before);
  const { after, tookMs } = await withoutNodes(context, async () => {
    const startMs = performance.now();
    await cluster.run(["delete", "pod", before, "--grace-period=0", "--force"], killMs);
    const after = await waitFor({
      ...{ what: "another primary", limitMs: chosenMs, signal, everyMs: 500 },
      look: async () => {
        const found = await primaryOf(context, store, others);
        return found === before ? undefined : found;
      },
    });
    return { after, tookMs: performance.now() - startMs };
  });
  await allReady(context);
  return `${before} → ${after} in ${(tookMs / 1_000).toFixed(1)} s`;
}

/** Does something while no node takes a new pod: one that comes back within seconds is the primary still. */
async function withoutNodes<T>({ cluster }: CheckContext, work: () => Promise<T>): Promise<T> {
  const nodes = (await cluster.list<Node>("nodes")).filter(({ spec }) => !spec.unschedulable);
  const names = nodes.map(({ metadata }) => metadata.name);
  try {
    await cluster.run(["cordon", ...names]);
    return await work();
  } finally {
    // Even when it was interrupted: without the signal.
    await kubectl("default").run(["uncordon", ...names]);
  }
}

/** A Node, as far as it is read. */
interface Node extends KubeObject {
  readonly spec: { readonly unschedulable?: boolean };
}

/** The pod that a sentinel takes for the primary's, by the first that answers. */
async function primaryOf(
  { cluster }: CheckContext,
  { metadata: { name } }: Workload,
  asked: readonly string[],
): Promise<string> {
  const question = `valkey-cli -p ${sentinelPort} --user probe sentinel get-master-addr-by-name ${name}`;
  const faults: string[] = [];
  for (const pod of asked) {
    const { code, stdout, stderr } = await cluster.attempt([
      ...["exec", pod, "--container", "sentinel", "--", "sh", "-c", question],
    ]);
    const [host = ""] = stdout.split("\n");
    const found = host.split(".")[0] ?? "";
    if (code === 0 && found.startsWith(`${name}-`)) return found;
    faults.push(`${pod}: ${stderr || stdout}`);
  }
  throw new Error(`Cannot ask the sentinels: ${faults.join("; ")}`);
}

function podsOf({ metadata: { name }, spec }: Workload): readonly string[] {
  return Array.from({ length: spec.replicas ?? 1 }, (_, at) => `${name}-${at}`);
}

function storeUnderSentinels(chart: ChartUnderTest): Workload | undefined {
  return workloadsThat(chart, "store").find(({ spec }) =>
    spec.template.spec.containers.some(({ name }) => name === "sentinel"),
  );
}
