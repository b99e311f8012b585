import { pause } from "../../../lib/pause.ts";
import type { Child } from "../../parts/child.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { linesFrom } from "../instrument/process-watch.ts";
import { plain } from "../rigs.ts";

const graceMs = 25_000;
const secondAfterMs = 1_200;
const atOnceMs = 2_000;
const settleMs = 2_000;
const loggedMax = 3;

/** Our services are told to stop while they cannot finish what they have. */
export const stopWithoutBroker: Fault = {
  numbers: [19],
  name: "stop-without-broker",
  title: "SIGTERM while the brokers are down, then a second SIGTERM",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  perSecond: 100,
  strike: async (context) => {
    const { rig, signal, target } = context;
    for (const name of brokersOf(target)) await rig.child(name).kill();
    await pause(settleMs, signal);
    const names = ["writer", ...consumersOf(target)].map((name) => `clima-app-${name}`);
    for (const name of names) await toldOnce(context, rig.child(name));
    await Promise.all(names.map((name) => rig.child(name).start()));
    await pause(settleMs, signal);
    await toldTwice(context, rig.child("clima-app-writer"));
    await rig.child("clima-app-writer").start();
  },
  heal: async ({ rig, target }) => {
    for (const name of brokersOf(target)) await rig.child(name).start();
  },
};

function brokersOf(target: string): readonly string[] {
  return [...(target === "rabbit" ? [] : ["kafka1"]), ...(target === "kafka" ? [] : ["rabbitmq"])];
}

function consumersOf(target: string): readonly string[] {
  return [
    ...(target === "rabbit" ? [] : ["kafka-consumer"]),
    ...(target === "kafka" ? [] : ["rabbit-consumer"]),
  ];
}

async function toldOnce({ miss, note }: FaultContext, child: Child): Promise<void> {
  const from = Bun.file(child.logFile).size;
  const startedMs = performance.now();
  await child.stop();
  const tookMs = performance.now() - startedMs;
  const { code, signal } = await child.exit();
  if (code !== 0) miss(`${child.name} ended with ${signal ?? code}, expected 0`);
  if (tookMs > graceMs) miss(`${child.name} took ${Math.round(tookMs)} ms to end`);
  const said = linesFrom(child.logFile, from).map(messageOf).filter(Boolean);
  const last = [...new Set(said)].slice(-loggedMax).join(", ");
  note(`${child.name} ended in ${Math.round(tookMs)} ms and said: ${last}`);
}

async function toldTwice({ miss, note, signal }: FaultContext, child: Child): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return miss(`${child.name} does not run`);
  // Asked for, so that it is not started again: a signal of no effect, and then the end by the second one.
  process.kill(pid, "SIGTERM");
  await pause(secondAfterMs, signal);
  if (!child.running) return note(`${child.name} ended within ${secondAfterMs} ms of the first`);
  const startedMs = performance.now();
  await child.kill("SIGTERM");
  const tookMs = performance.now() - startedMs;
  const { code } = await child.exit();
  note(`the second SIGTERM ended ${child.name} in ${Math.round(tookMs)} ms with code ${code}`);
  if (tookMs > atOnceMs || code !== 1) miss("a second SIGTERM does not end it at once with 1");
}

function messageOf(line: string): string {
  return /"message":"([^"]*)"/.exec(line)?.[1] ?? "";
}
