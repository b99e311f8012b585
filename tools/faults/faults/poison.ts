import { join } from "node:path";
import type { BrokerMessage } from "../../../lib/broker/message.ts";
import { newEventId } from "../../../lib/event/event-id.ts";
import { pause } from "../../../lib/pause.ts";
import { runProgram } from "../../run-program.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { lanesOf, publishTo } from "../probes/publish.ts";
import { plain } from "../rigs.ts";

const dlqMain = join(import.meta.dir, "..", "..", "..", "cli", "dlq", "main.ts");
const dlqMs = 60_000;
const refusedMs = 4_000;
const settleMs = 8_000;
/** A place whose counts are of another type for a while. */
const damaged = "stats:guatemala";
const hidden = "faults:guatemala";

const bodies = ["not json at all", "", "[1,2,3]", '{"municipio":"Mixco"}', "\u0000\ufffd"];

/** A letter as `dlq ls --json` tells it, as far as it is looked at. */
interface Letter {
  readonly id: string;
  readonly lane: string;
  readonly reason: string;
  readonly attempts: number;
  readonly bodyBytes: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Messages that nobody can read, and events that the store refuses, among good ones. */
export const poison: Fault = {
  numbers: [22],
  name: "poison",
  title: "poison among good messages, a store that refuses: set aside, redriven, dropped",
  rig: plain,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 100,
  drainMs: 90_000,
  strike: async (context) => {
    const { rig, target, signal } = context;
    const messages = bodies.map(poisoned);
    sent.set(rig, messages);
    for (const lane of lanesOf(target)) await publishTo(rig, lane, messages);
    if ((await rig.valkey.exists(damaged)) === 0) context.miss(`${damaged} is not there yet`);
    // In one step: a consumer could write between the two, and that would be lost.
    await rig.valkey.multi().rename(damaged, hidden).set(damaged, "junk").exec();
    await pause(refusedMs, signal);
  },
  heal: async (context) => {
    const { rig, signal } = context;
    await rig.valkey.rename(hidden, damaged);
    await pause(settleMs, signal);
    await expectLetters(context);
    const lines = await dlq(context, "redrive", "--reason", "refused", "--json");
    context.note(`${lines.length} refused events redriven`);
    if (lines.length === 0) context.miss("no event was refused");
  },
  expect: async (context) => {
    await dlq(context, "drop", "--reason", "undecodable", "--json");
    const left = await dlq(context, "ls", "--json");
    if (left.length > 0) context.miss(`${left.length} letters wait after all were dealt with`);
  },
};

const sent = new WeakMap<FaultContext["rig"], readonly BrokerMessage[]>();

function poisoned(body: string): BrokerMessage {
  const headers = { note: "faults" };
  return { id: newEventId(), key: undefined, spread: true, body: Buffer.from(body), headers };
}

/** Every poison message lies aside on every lane, with its reason, its bytes and its headers. */
async function expectLetters(context: FaultContext): Promise<void> {
  const { rig, target, miss, note } = context;
  const letters = (await dlq(context, "ls", "--json")).map((line) => JSON.parse(line) as Letter);
  for (const { id, body } of sent.get(rig) ?? []) {
    for (const lane of lanesOf(target)) {
      const letter = letters.find((each) => each.id === id && each.lane === lane);
      if (letter?.reason !== "undecodable")
        miss(`${id} on ${lane}: ${letter?.reason ?? "no letter"}`);
      else if (letter.bodyBytes !== body.byteLength || letter.headers.note !== "faults") {
        miss(`${id} on ${lane} has not its bytes and headers`);
      }
    }
  }
  const refused = letters.filter(({ reason }) => reason === "refused");
  const tries = refused.map(({ attempts }) => attempts);
  note(
    `${letters.length} letters, of which ${refused.length} refused after ${Math.max(0, ...tries)} tries`,
  );
}

/** Runs an operator's command against the system; returns its lines. */
async function dlq({ rig, miss, signal }: FaultContext, ...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runProgram({
    command: [process.execPath, dlqMain, ...args],
    env: { ...rig.system.boards[rig.spec.pipeline.name] },
    timeoutMs: dlqMs,
    signal,
  });
  if (code !== 0) miss(`dlq ${args.join(" ")} ended with ${code}: ${stderr.slice(-500)}`);
  return stdout.split("\n").filter((line) => line.startsWith("{"));
}
