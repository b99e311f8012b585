import { pause } from "../../../lib/pause.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { lanesOf } from "../probes/publish.ts";
import { proxied, replicated } from "../rigs.ts";

const silence = { type: "timeout", attributes: { timeout: 0 } } as const;
const heldMs = 1_500;
const backMs = 2_500;
const turnMs = 5_000;
/** Beyond Kafka's session time-out of 6 s. */
const frozenMs = 9_000;

/** Consumers die with messages in hand: before the store has them, and after it has them. */
export const consumerKilled: Fault = {
  numbers: [20],
  name: "consumer-killed",
  title: "consumers SIGKILLed before the write, and between write and acknowledgement",
  rig: proxied,
  targets: ["kafka", "rabbit", "both"],
  short: ["both"],
  perSecond: 300,
  strike: async (context) => {
    const { rig, target, signal } = context;
    for (const lane of lanesOf(target)) {
      const name = `clima-app-${lane}-consumer`;
      // What it writes does not arrive.
      await rig.proxies.poison(`${name}:VALKEY_SERVICE_URL`, { ...silence, stream: "upstream" });
      await crashHeld(context, name);
      // The store's answer does not arrive: it has written what is not acknowledged.
      await rig.proxies.poison(`${name}:VALKEY_SERVICE_URL`, { ...silence, stream: "downstream" });
      await crashHeld(context, name);
      if (lane === "rabbit") {
        // Acknowledgements do not arrive.
        await rig.proxies.poison(`${name}:RABBIT_URL`, { ...silence, stream: "upstream" });
        await crashHeld(context, name);
      }
      await pause(backMs, signal);
    }
  },
};

async function crashHeld({ rig, signal }: FaultContext, name: string): Promise<void> {
  await pause(heldMs, signal);
  rig.crash(name);
  await rig.proxies.reset();
  await pause(backMs, signal);
}

/** Consumers come and go, and one sleeps through its session: it may not write what is not its own any more. */
export const consumersComeAndGo: Fault = {
  numbers: [21],
  name: "consumers-come-and-go",
  title: "consumers 1 → 3 → 1 every 5 s, one frozen beyond its session time-out",
  rig: replicated,
  targets: ["kafka", "rabbit", "both"],
  perSecond: 150,
  strike: async (context) => {
    const { rig, target, signal } = context;
    const more = lanesOf(target).flatMap((lane) =>
      [2, 3].map((number) => rig.child(`clima-app-${lane}-consumer-${number}`)),
    );
    for (let turn = 0; turn < 2; turn += 1) {
      await Promise.all(more.map((child) => child.stop()));
      await pause(turnMs, signal);
      await Promise.all(more.map((child) => child.start()));
      await pause(turnMs, signal);
    }
    const sleepers = lanesOf(target).map((lane) => rig.child(`clima-app-${lane}-consumer-2`));
    for (const child of sleepers) child.freeze();
    await pause(frozenMs, signal);
    for (const child of sleepers) child.unfreeze();
    await pause(turnMs, signal);
  },
};
