import { metricNames } from "../../../lib/metrics.ts";
import { pause } from "../../../lib/pause.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { proxied, replicated } from "../rigs.ts";

const graceMs = 25_000;
/** What a first door may repeat beyond a tenth of its calls. */
const repeatsAtFirst = 10;
const share = 0.1;
/** How long a process is left out before it is told to stop, as endpoints are in a cluster. */
const leftOutMs = 500;

/** A relay of two dies with what it had in hand; the first door asks again, within its budget. */
export const relayKilled: Fault = {
  numbers: [17],
  name: "relay-killed",
  title: "one of two writers, then one of two proxies, SIGKILLed under load",
  rig: replicated,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 200,
  strike: async (context) => {
    const { rig, signal } = context;
    const before = await repeats(context);
    const sentBefore = context.ledger.entries.size;
    for (const name of ["clima-app-writer-2", "clima-app-proxy-2"]) {
      await rig.child(name).kill();
      await pause(3_000, signal);
      await rig.child(name).start();
    }
    const repeated = (await repeats(context)) - before;
    const sent = context.ledger.entries.size - sentBefore;
    context.note(`${repeated} repeats for ${sent} calls`);
    const most = share * sent + 2 * repeatsAtFirst;
    if (repeated > most) context.miss(`${repeated} repeats, ${Math.round(most)} are allowed`);
  },
};

/** The way to the next hop is cut and comes back. */
export const hopCut: Fault = {
  numbers: [17],
  name: "hop-cut",
  title: "the way from the proxy to the only writer cut for 3 s",
  rig: proxied,
  targets: ["kafka", "rabbit", "both"],
  perSecond: 200,
  lastsMs: 3_000,
  strike: ({ rig }) => rig.proxies.cut("clima-app-proxy:NEXT_URL", true),
  heal: ({ rig }) => rig.proxies.cut("clima-app-proxy:NEXT_URL", false),
};

/** Everything of ours is restarted, one process after another: nobody may notice. */
export const rollingRestart: Fault = {
  numbers: [18],
  name: "rolling-restart",
  title: "SIGTERM under load: every process of ours restarted in turn",
  rig: replicated,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 150,
  strike: async (context) => {
    const { rig, signal, miss, note } = context;
    let slowestMs = 0;
    for (const child of rig.services) {
      rig.balance(child.name, false);
      await pause(leftOutMs, signal);
      const startedMs = performance.now();
      await child.stop();
      const tookMs = performance.now() - startedMs;
      slowestMs = Math.max(slowestMs, tookMs);
      const { code } = await child.exit();
      if (code !== 0) miss(`${child.name} ended with ${code}, expected 0`);
      if (tookMs > graceMs) miss(`${child.name} took ${Math.round(tookMs)} ms to end`);
      await child.start();
      await untilReady(context, child.name);
      rig.balance(child.name, true);
      signal.throwIfAborted();
    }
    note(`${rig.services.length} processes, the slowest ended in ${Math.round(slowestMs)} ms`);
  },
  expect: async ({ ledger, miss }) => {
    const others = [...ledger.entries.values()].filter(({ first }) => first !== "acked");
    if (others.length === 0) return;
    miss(`${others.length} errors, expected none: ${others[0]?.id}: ${others[0]?.why}`);
  },
};

/** How often first doors have asked a hop again. */
async function repeats({ rig }: FaultContext): Promise<number> {
  let sum = 0;
  for (const { process } of rig.spec.doors) {
    const reply = await fetch(`http://127.0.0.1:${rig.portOf(process, "admin")}/metrics`);
    const lines = (await reply.text()).split("\n");
    const counted = lines.filter((line) => line.startsWith(`${metricNames.repeated}{`));
    sum += counted.reduce((all, line) => all + Number(line.split(" ").at(-1)), 0);
  }
  return sum;
}

const readyMs = 20_000;
const pollMs = 50;

async function untilReady({ rig, signal }: FaultContext, name: string): Promise<void> {
  const url = `http://127.0.0.1:${rig.portOf(name, "admin")}/ready`;
  const endMs = performance.now() + readyMs;
  while (performance.now() < endMs) {
    const status = await fetch(url).then(
      (reply) => reply.status,
      () => 0,
    );
    if (status === 200) return;
    await pause(pollMs, signal);
  }
  throw new Error(`Cannot go on: ${name} is not ready within ${readyMs} ms`);
}
