import { newEventId } from "../../../lib/event/event-id.ts";
import { pause } from "../../../lib/pause.ts";
import { waitFor } from "../../e2e/wait-for.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { requestOf } from "../instrument/counters.ts";
import { waiting } from "../instrument/drain.ts";
import { grown, storeLedger } from "../instrument/stored.ts";
import { forgetful } from "../rigs.ts";

const consumer = "clima-app-rabbit-consumer";
const events = 4_000;
const atOnce = 20;
/** How far back the events' times reach; clients may send ids of the last hour. */
const backMs = 50 * 60_000;
const foldMs = 60_000;

/** A lane comes back when the store has forgotten what the other lane counted. */
export const lateCopies: Fault = {
  numbers: [31],
  name: "late-copies",
  title: "RabbitMQ's lane stopped for longer than the duplicate window, then started",
  rig: forgetful,
  targets: ["both"],
  notWith: "kafka, rabbit: it takes two lanes for one to have copies of what the other counted",
  short: ["both"],
  perSecond: 5,
  exempt: { I1: "the store forgets ids, which is the fault: counts say that each has its effect" },
  strike: async (context) => {
    const { rig, signal } = context;
    before.set(rig, await storeLedger(rig.valkey));
    await rig.child(consumer).stop();
    const sender = sending(context);
    await Promise.all(Array.from({ length: atOnce }, sender));
    await waitFor({
      what: "all of them counted by Kafka's lane",
      limitMs: foldMs,
      signal,
      look: async () => ((await waiting(rig.drainable)).kafka < atOnce ? true : undefined),
    });
    await pause(1_000, signal);
  },
  heal: ({ rig }) => rig.child(consumer).start(),
  expect: async ({ rig, miss, note }) => {
    const after = await storeLedger(rig.valkey);
    const late = grown(before.get(rig) ?? {}, after, ["late"]);
    note(`${late} copies set aside as late`);
    if (late === 0) miss("no copy was late: the store has not forgotten enough");
  },
};

const before = new WeakMap<FaultContext["rig"], Readonly<Record<string, number>>>();

/** Sends events whose times rise through the last hour, one after another. */
function sending({ rig, client, signal }: FaultContext): () => Promise<void> {
  const startMs = Date.now() - backMs;
  let sent = 0;
  return async () => {
    while (sent < events && !signal.aborted) {
      const atMs = startMs + (sent * backMs) / events;
      const index = sent++;
      await client.send(newEventId(Math.floor(atMs)), requestOf(rig.spec.mix, index, rig.url()));
    }
  };
}
