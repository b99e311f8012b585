import { pause } from "../../pause.ts";
import { orThrow } from "./script.ts";
import type { ValkeyClient } from "./valkey-client.ts";

/** The share of the memory that may be in use: beyond it the live store would soon be refused its own writes. */
const usedMax = 0.9;
/** How much larger a fresh store may be than what is there. */
const growth = 1.1;
const freedTries = 100;
const freedPauseMs = 100;

/**
 * Tells whether a server has room for a second copy of what it holds.
 *
 * @throws Error with the figures where it has none, or is a cluster, which has no second database.
 */
export async function checkRoom(client: ValkeyClient): Promise<void> {
  for (let tries = 0; tries < freedTries; tries++) {
    const info = await infoOf(client);
    if (info.get("cluster_enabled") === "1") {
      throw new Error(
        `Cannot rebuild beside ${client.where}: a Valkey in cluster mode has one logical database only; drop the store and let consumers fold the log from its start`,
      );
    }
    // An earlier rebuild's store is cleared away in the background.
    if (numberOf(info, "lazyfree_pending_objects") > 0) await pause(freedPauseMs);
    else return refuseWithout(client, info, numberOf(info, "used_memory_dataset") * growth);
  }
  throw new Error(`Cannot rebuild beside ${client.where}: it does not give memory back`);
}

/**
 * Tells whether the server has room to go on.
 *
 * @throws Error where a rebuild that goes on would take the live store's memory.
 */
export async function checkStillRoom(client: ValkeyClient): Promise<void> {
  refuseWithout(client, await infoOf(client), 0);
}

function refuseWithout({ where }: ValkeyClient, info: ReadonlyMap<string, string>, more: number) {
  const used = numberOf(info, "used_memory");
  const max = numberOf(info, "maxmemory");
  if (max === 0 || used + more <= max * usedMax) return;
  throw new Error(
    `Cannot rebuild beside ${where}: there is no room for a second store: current value is ${megabytes(used)} of ${megabytes(max)} used, ${megabytes(more)} more are needed: raise maxmemory meanwhile`,
  );
}

async function infoOf(client: ValkeyClient): Promise<ReadonlyMap<string, string>> {
  const replies = await client.ask((redis) => redis.pipeline().info("memory").info("cluster"));
  const lines = replies.flatMap((reply) => String(orThrow(reply)).split("\r\n"));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
  );
}

const numberOf = (info: ReadonlyMap<string, string>, name: string) => Number(info.get(name) ?? "0");
const megabytes = (bytes: number) => `${Math.ceil(bytes / 1_048_576)} MB`;
