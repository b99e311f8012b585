import { waitFor } from "../../e2e/wait-for.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { plain } from "../rigs.ts";

const readyMs = 30_000;

/** The brokers are not there yet when our services start. */
export const brokersAtBoot: Fault = {
  numbers: [9],
  name: "brokers-at-boot",
  title: "the required brokers are down when everything of ours starts",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 100,
  lastsMs: 3_000,
  strike: async (context) => {
    const { rig } = context;
    for (const name of brokersOf(context)) await rig.child(name).kill();
    const services = rig.services.filter(({ name }) => !name.endsWith("-board"));
    await Promise.all(services.map((child) => child.stop()));
    await Promise.all(services.map((child) => child.start()));
    for (const { name } of services) {
      const status = await adminStatus(context, name, "live");
      if (status !== 200) context.miss(`${name}: /live answers ${status} without its broker`);
    }
    const status = await adminStatus(context, "clima-app-writer", "ready");
    if (status !== 503) context.miss(`the writer's /ready answers ${status} without its broker`);
  },
  heal: async (context) => {
    for (const name of brokersOf(context)) await context.rig.child(name).start();
    const startedMs = performance.now();
    await waitFor({
      what: "every service ready",
      limitMs: readyMs,
      signal: context.signal,
      everyMs: 200,
      look: async () => {
        const names = context.rig.services.map(({ name }) => name);
        const all = await Promise.all(names.map((name) => adminStatus(context, name, "ready")));
        return all.every((status) => status === 200) ? true : undefined;
      },
    });
    const tookMs = performance.now() - startedMs;
    context.note(`everything ready ${(tookMs / 1_000).toFixed(1)} s after the brokers`);
  },
};

function brokersOf({ target }: FaultContext): readonly string[] {
  return [...(target === "rabbit" ? [] : ["kafka1"]), ...(target === "kafka" ? [] : ["rabbitmq"])];
}

async function adminStatus({ rig }: FaultContext, name: string, path: string): Promise<number> {
  const url = `http://127.0.0.1:${rig.portOf(name, "admin")}/${path}`;
  return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).status;
}
