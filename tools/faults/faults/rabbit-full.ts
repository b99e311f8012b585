import { pause } from "../../../lib/pause.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { plain } from "../rigs.ts";

const lengthMax = 50;
const fullMs = 4_000;
const consumer = "clima-app-rabbit-consumer";
const policy = "/api/policies/%2F/faults-full";

/** A queue that refuses what comes: the client hears of it, and nothing is lost or counted twice. */
export const rabbitFull: Fault = {
  numbers: [14],
  name: "rabbit-full",
  title: "RabbitMQ's queue full (reject-publish)",
  rig: plain,
  targets: ["rabbit", "both"],
  notWith: "kafka: nothing goes through RabbitMQ",
  short: ["both"],
  perSecond: 100,
  strike: async (context) => {
    const { rig, client, signal } = context;
    await rig.child(consumer).stop();
    await ask(context, "PUT", {
      pattern: `^${rig.spec.pipeline.broker.queue}$`,
      definition: { "max-length": lengthMax },
      "apply-to": "quorum_queues",
    });
    await pause(fullMs, signal);
    const fromMs = performance.now();
    await pause(fullMs, signal);
    const acked = client.samples.filter(
      ({ dueMs, outcome }) => dueMs > fromMs && outcome === "acked",
    );
    if (acked.length > 0) context.miss(`${acked.length} events were acknowledged by a full queue`);
  },
  heal: async (context) => {
    await ask(context, "DELETE");
    await context.rig.child(consumer).start();
  },
};

async function ask({ rig }: FaultContext, method: string, body?: object): Promise<void> {
  const reply = await fetch(new URL(policy, rig.system.urls.management), {
    method,
    headers: { authorization: `Basic ${btoa("guest:guest")}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (reply.ok) return;
  throw new Error(`Cannot ${method} a policy: ${reply.status} ${await reply.text()}`);
}
