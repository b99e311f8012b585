import { pause } from "../../../lib/pause.ts";
import { waitFor } from "../../e2e/wait-for.ts";
import type { ValkeyServer } from "../../parts/valkey.ts";
import { saysPrimary } from "../../parts/valkey-probe.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { watched } from "../rigs.ts";

const rounds = 5;
const chosenMs = 60_000;
const wholeMs = 60_000;
const foldedMs = 60_000;
const awayMs = 2_000;
const asleepMs = 20_000;

/** Sentinels put a copy in the place of a primary that was killed, again and again, and the old one follows. */
export const storeReplaced: Fault = {
  numbers: [24, 25],
  name: "store-replaced",
  title:
    "Valkey's primary SIGKILL under load, five times: sentinels choose another, the old one comes back",
  rig: watched,
  targets: ["kafka", "rabbit", "both"],
  perSecond: 200,
  drainMs: 120_000,
  strike: async (context) => {
    const { rig, signal, note } = context;
    const [chosen, folded]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      await whole(context);
      const before = await rig.watched.primary();
      await before.server.kill();
      const killedMs = performance.now();
      await replaced(context, before);
      chosen.push(performance.now() - killedMs);
      await foldsAgain(context);
      folded.push(performance.now() - killedMs);
      await pause(awayMs, signal);
      await before.server.start();
    }
    await whole(context);
    note(`another was chosen after ${seconds(chosen)}, and folded after ${seconds(folded)}`);
  },
};

/** A primary that hangs is replaced, and wakes up: long after that, and just when another was chosen. */
export const storeHangs: Fault = {
  numbers: [25, 26],
  name: "store-hangs",
  title:
    "Valkey's primary SIGSTOP: replaced, it wakes up long afterwards, and in the moment of the choice",
  rig: watched,
  targets: ["kafka", "rabbit", "both"],
  perSecond: 200,
  drainMs: 120_000,
  exempt: {
    I8: "who reads a primary that is being replaced sees what nobody was told, which comes again later",
  },
  strike: async (context) => {
    const { signal, note } = context;
    await hang(context, async (before) => {
      await pause(asleepMs, signal);
      await replaced(context, before);
    });
    note("woke up long after it was replaced");
    await hang(context, (before) => otherSaysPrimary(context, before));
    note("woke up before all knew that it was replaced");
  },
};

/** Freezes the primary until something has happened, and waits until all three are in place again. */
async function hang(
  context: FaultContext,
  until: (before: ValkeyServer) => Promise<void>,
): Promise<void> {
  await whole(context);
  const before = await context.rig.watched.primary();
  before.server.freeze();
  try {
    await until(before);
  } finally {
    before.server.unfreeze();
  }
  await replaced(context, before);
  await whole(context);
}

async function replaced({ rig, signal }: FaultContext, before: ValkeyServer): Promise<void> {
  await waitFor({
    ...{ what: "another primary", limitMs: chosenMs, signal, everyMs: 50 },
    look: async () => ((await rig.watched.primary()) === before ? undefined : true),
  });
}

/** As soon as a copy was told, which others hear of later. */
async function otherSaysPrimary({ rig, signal }: FaultContext, before: ValkeyServer) {
  const others = rig.watched.servers.filter((each) => each !== before);
  await waitFor({
    ...{ what: "a copy that was chosen", limitMs: chosenMs, signal, everyMs: 5 },
    look: async () =>
      (await Promise.all(others.map(({ port }) => saysPrimary(port)))).some(Boolean) || undefined,
  });
}

async function whole({ rig, signal }: FaultContext): Promise<void> {
  await waitFor({
    ...{ what: "a primary with two copies", limitMs: wholeMs, signal, everyMs: 100 },
    look: async () => (await rig.watched.whole()) || undefined,
  });
}

/** How many deliveries have had their effect. */
async function applied({ rig }: FaultContext): Promise<number> {
  const counts = Object.entries(await rig.valkey.hgetall("tp:ledger"));
  return counts.reduce(
    (sum, [name, count]) => (name.endsWith(":applied") ? sum + Number(count) : sum),
    0,
  );
}

async function foldsAgain(context: FaultContext): Promise<void> {
  let before: number | undefined;
  await waitFor({
    ...{ what: "an effect", limitMs: foldedMs, signal: context.signal, everyMs: 50 },
    look: async () => {
      const now = await applied(context);
      before ??= now;
      return now > before ? true : undefined;
    },
  });
}

function seconds(all: readonly number[]): string {
  return `${all.map((ms) => (ms / 1_000).toFixed(1)).join(", ")} s`;
}
