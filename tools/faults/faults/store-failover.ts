import { join } from "node:path";
import { Redis } from "ioredis";
import { pause } from "../../../lib/pause.ts";
import { waitFor } from "../../e2e/wait-for.ts";
import { partsDir } from "../../parts/parts-dir.ts";
import { createStack } from "../../parts/stack.ts";
import { startValkey } from "../../parts/valkey.ts";
import type { Fault, FaultContext } from "../fault.ts";
import { proxied } from "../rigs.ts";

const stepMs = 3_000;
const syncMs = 20_000;
const junkDatabase = 9;
const junkKeys = 600_000;
const junk = `for i = 1, ${junkKeys} do redis.call('SET', 'junk:' .. i, i) end`;

/** Valkey is told to follow another, which takes its place, and back again; it forgets scripts, and it loads. */
export const storeFailsOver: Fault = {
  numbers: [25],
  name: "store-fails-over",
  title: "Valkey forgets scripts, becomes a read-only replica, fails over and back, is loading",
  rig: proxied,
  targets: ["kafka", "rabbit", "both"],
  perSecond: 200,
  strike: async (context) => {
    const { rig, signal } = context;
    await rig.valkey.script("FLUSH");
    await pause(stepMs, signal);
    const port = Number(new URL(rig.system.urls.valkey).port);
    await using stack = createStack({
      programs: partsDir(process.env),
      dir: join(rig.dir, "second-valkey"),
      signal,
    });
    const second = await startValkey(stack);
    const other = new Redis(second.url, { maxRetriesPerRequest: 1 });
    other.on("error", () => {});
    try {
      await other.replicaof("127.0.0.1", port);
      await failOver(context, rig.valkey, other, second.port);
      context.note("failed over, a while read-only");
      await failOver(context, other, rig.valkey, port);
    } finally {
      other.disconnect();
    }
    await load(context);
  },
};

/** Hands the part of the primary over, leaves services with the one that only reads, then leads them to the new one. */
async function failOver(
  { rig, signal }: FaultContext,
  from: Redis,
  to: Redis,
  port: number,
): Promise<void> {
  const wait = { limitMs: syncMs, signal, everyMs: 100 };
  await waitFor({
    ...{ ...wait, what: "a copy that follows" },
    look: async () =>
      (await to.info("replication")).includes("master_link_status:up") ? true : undefined,
  });
  await from.call("FAILOVER", "TO", "127.0.0.1", `${port}`);
  await waitFor({
    ...{ ...wait, what: "the copy as primary" },
    look: async () => ((await to.info("replication")).includes("role:master") ? true : undefined),
  });
  await pause(stepMs, signal);
  for (const name of rig.proxies.names) {
    if (/:(VALKEY_SERVICE_URL|KEYS_URL)$/.test(name)) await rig.proxies.aim(name, port);
  }
  await pause(stepMs, signal);
}

/** Makes a start take a while, during which Valkey answers that it is loading. */
async function load({ rig }: FaultContext): Promise<void> {
  const other = rig.valkey.duplicate({ db: junkDatabase });
  other.on("error", () => {});
  await other.eval(junk, 0);
  await rig.child("valkey1").kill();
  await rig.child("valkey1").start();
  await other.flushdb();
  other.disconnect();
}
