import { pause } from "../../../lib/pause.ts";
import type { Policy } from "../../../lib/pipeline/station.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { requestOf } from "../instrument/counters.ts";
import { whileOverloaded } from "../probes/while-overloaded.ts";
import { plain } from "../rigs.ts";

const settleMs = 3_000;
const answerMs = 10_000;
const lanes = { kafka: "kafka1", rabbit: "rabbitmq" } as const;

type Lane = keyof typeof lanes;

/** Where both brokers are required and one is away, the reply says which has the event. */
export const bothWithoutOne: readonly Fault[] = (["kafka", "rabbit"] as const).map((lane) => ({
  numbers: [15],
  name: `both-without-${lane}`,
  title: `policy both, ${lane} down: the reply names each lane, the repeat leaves one effect`,
  ...common(lane, "both"),
  notWith: "kafka, rabbit, random: the fault is about both being required",
  strike: async (context: FaultContext) => {
    await context.rig.child(lanes[lane]).kill();
    await pause(settleMs, context.signal);
    const told = await lanesTold(context);
    context.note(`the reply says ${JSON.stringify(told)}`);
    const other = lane === "kafka" ? "rabbit" : "kafka";
    if (told[other] !== "stored") context.miss(`the reply does not say that ${other} stored it`);
    if (told[lane] === undefined || told[lane] === "stored") {
      context.miss(`the reply does not say that ${lane} has not stored it`);
    }
  },
}));

/** Where any broker will do and one is away, the other one takes the events. */
export const randomWithoutOne: readonly Fault[] = (["kafka", "rabbit"] as const).map((lane) => ({
  numbers: [16],
  name: `random-without-${lane}`,
  title: `policy random, ${lane} down: the other broker takes the events`,
  ...common(lane, "random"),
  notWith: "kafka, rabbit, both: the fault is about any broker being enough",
  strike: async ({ rig }: FaultContext) => rig.child(lanes[lane]).kill(),
  expect: async ({ ledger, note }: FaultContext) => {
    const acked = [...ledger.entries.values()].filter(({ first }) => first === "acked");
    note(`${acked.length} of ${ledger.entries.size} acknowledged at once`);
  },
}));

function common(lane: Lane, policy: Policy) {
  return {
    rig: plain,
    targets: [policy],
    perSecond: 200,
    lastsMs: 5_000,
    heal: ({ rig }: FaultContext) => rig.child(lanes[lane]).start(),
  } as const;
}

/** What the reply to one event says of each lane. */
async function lanesTold(context: FaultContext): Promise<Readonly<Record<string, string>>> {
  const { rig, ledger, target, signal } = context;
  const key = Bun.randomUUIDv7();
  const { url, body, effects } = requestOf(rig.spec.mix, 0, rig.url());
  ledger.sending({ key, target, sentAtMs: Date.now(), body, effects });
  const startedMs = performance.now();
  const send = () =>
    fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body,
      signal: AbortSignal.timeout(answerMs),
    });
  const reply = await whileOverloaded(send, signal);
  const latencyMs = performance.now() - startedMs;
  ledger.heard(key, { outcome: "unknown", status: reply.status, latencyMs });
  if (reply.status !== 503) context.miss(`answered ${reply.status}, expected 503`);
  const { lanes: told = {} } = (await reply.json()) as { readonly lanes?: Record<string, string> };
  return told;
}
