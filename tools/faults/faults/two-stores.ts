import { pause } from "../../../lib/pause.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { waiting } from "../instrument/drain.ts";
import { twoStores } from "../rigs.ts";

const outMs = 5_000;

/** Each of the stores of `votaciones` is away while the other one is there. */
export const eitherStoreDown: readonly Fault[] = [
  { server: "mongo1", what: "MongoDB down while Redis is up" },
  { server: "valkey1", what: "Redis down while MongoDB is up" },
].map(({ server, what }) => ({
  numbers: [27],
  name: `without-${server.replace(/\d$/, "")}`,
  title: `${what}: nothing acknowledged until both wrote`,
  rig: twoStores,
  targets: ["kafka"],
  notWith: "rabbit, both: votaciones, the pipeline with two stores, has Kafka's lane alone",
  short: server === "mongo1" ? ["kafka"] : [],
  perSecond: 100,
  strike: async (context: FaultContext) => {
    const { rig, client, signal, miss, note } = context;
    await rig.child(server).kill();
    await pause(1_000, signal);
    const fromMs = performance.now();
    await pause(outMs, signal);
    const { kafka: lag } = await waiting(rig.drainable);
    const since = client.samples.filter(
      ({ dueMs, outcome }) => dueMs > fromMs && outcome === "acked",
    );
    note(`${lag} wait for it`);
    if (lag < since.length) miss(`${since.length} votes came, only ${lag} wait`);
  },
  heal: ({ rig }: FaultContext) => rig.child(server).start(),
}));
