import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { pause } from "../../../lib/pause.ts";
import { waitFor } from "../../e2e/wait-for.ts";
import type { Fault, FaultContext, Invariant } from "../fault.ts";
import { plain } from "../rigs.ts";

const grownMs = 20_000;
const secondMs = 1_500;

/** Valkey dies and comes back with all that it acknowledged. */
export const storeKilled: Fault = {
  numbers: [24],
  name: "store-killed",
  title: "Valkey SIGKILL under load, back after 5 s",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 300,
  lastsMs: 5_000,
  shortMs: 2_000,
  strike: ({ rig }) => rig.child("valkey1").kill(),
  heal: ({ rig }) => rig.child("valkey1").start(),
};

const setBack: Partial<Readonly<Record<Invariant, string>>> = {
  I8: "the store itself went back, which is the fault",
};

/** Valkey comes back without the end of its file: the Kafka lane goes back to where the store stands. */
export const storeCut: Fault = {
  numbers: [24],
  name: "store-cut",
  title: "Valkey comes back with its last second missing (append-only file cut)",
  rig: plain,
  targets: ["kafka", "both"],
  notWith: "rabbit: a queue cannot be rewound; there `appendfsync always` keeps the file whole",
  short: ["both"],
  perSecond: 300,
  exempt: setBack,
  strike: async ({ rig, signal, note }) => {
    const file = appendOnlyFile(rig.dir);
    const { size } = statSync(file);
    await pause(secondMs, signal);
    await waitFor({
      what: "effects that will be lost",
      limitMs: grownMs,
      signal,
      everyMs: 50,
      look: async () => (statSync(file).size > size ? true : undefined),
    });
    await rig.child("valkey1").kill();
    note(`${statSync(file).size - size} bytes cut`);
    truncateSync(file, size);
  },
  heal: ({ rig }) => rig.child("valkey1").start(),
};

/** Valkey holds its connections and answers nothing. */
export const storeFrozen: Fault = {
  numbers: [26],
  name: "store-frozen",
  title: "Valkey paused for 30 s: fetching stops, heartbeats go on, lag drains",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 200,
  lastsMs: 30_000,
  shortMs: 9_000,
  strike: async (context) => {
    members.set(context.rig, await membersOf(context));
    context.rig.child("valkey1").freeze();
  },
  heal: async (context) => {
    const { rig, target, miss, note } = context;
    if (target !== "rabbit") {
      const before = members.get(rig);
      const after = await membersOf(context);
      if (before !== after) miss(`the group's members were ${before} and are ${after}`);
      else note("the group's members are the same");
    }
    rig.child("valkey1").unfreeze();
  },
};

const members = new WeakMap<FaultContext["rig"], string>();

/** Who reads the topic, and in what state the group is. */
async function membersOf({ rig }: FaultContext): Promise<string> {
  const { group } = rig.drainable;
  if (group === undefined) return "none";
  const { groups } = await rig.kafka.describeGroups([group]);
  const [found] = groups;
  const ids = found?.members.map(({ memberId }) => memberId).sort();
  return `${found?.state} ${ids?.join(" ")}`;
}

/** The file that Valkey appends to. */
function appendOnlyFile(dir: string): string {
  const folder = join(dir, "system", "data", "valkey1", "appendonlydir");
  const name = readdirSync(folder).find((each) => each.endsWith(".incr.aof"));
  if (name === undefined) throw new Error(`Cannot cut the append-only file: none in ${folder}`);
  return join(folder, name);
}
