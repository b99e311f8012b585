import evictSource from "./evict.lua" with { type: "text" };
import { createScript, orThrow, runScript } from "./script.ts";
import type { ValkeyClient } from "./valkey-client.ts";

const evictScript = createScript(evictSource);

/** The most buckets that one call drops. */
const bucketsMax = 1_000;

/** How many of the ids stay when memory is used up. */
const roomPercent = 90;

/** How often and how long to wait until the server's background thread has given memory back. */
const freedTries = 20;
const freedPauseMs = 50;

/** Drops oldest buckets until at most `idsMax` ids or one bucket is left, as far as one call goes. */
export async function evictBeyond(client: ValkeyClient, idsMax: number): Promise<void> {
  await runScript(client, evictScript, [client.prefix, idsMax, 100, bucketsMax]);
}

/** Drops the oldest tenth of the ids, and says whether there was anything to drop once its memory is free. */
export async function makeRoom(client: ValkeyClient, idsMax: number): Promise<boolean> {
  const args = [client.prefix, idsMax, roomPercent, bucketsMax];
  const reply = await runScript(client, evictScript, args);
  if (!Array.isArray(reply) || Number(reply[0]) === 0) return false;
  for (let i = 0; i < freedTries; i++) {
    const [info] = await client.ask((redis) => redis.pipeline().info("memory"));
    if (!/lazyfree_pending_objects:[1-9]/.test(String(orThrow(info)))) return true;
    await Bun.sleep(freedPauseMs);
  }
  return true;
}
