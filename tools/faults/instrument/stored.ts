import type { Redis } from "ioredis";
import { eventIdBytes, parseEventId } from "../../../lib/event/event-id.ts";
import { type Counts, countsOf } from "../../../loadtest/compare.ts";

const idsAtOnce = 1_000;

/** Those of the ids that the store has claimed: whose effect it holds. */
export async function claimedOf(redis: Redis, ids: readonly string[]): Promise<Set<string>> {
  const claimed = new Set<string>();
  for (let at = 0; at < ids.length; at += idsAtOnce) {
    const some = ids.slice(at, at + idsAtOnce);
    const found = await areClaimed(redis, some);
    for (const [index, id] of some.entries()) if (found[index]) claimed.add(id);
  }
  return claimed;
}

async function areClaimed(redis: Redis, ids: readonly string[]): Promise<readonly boolean[]> {
  const commands = redis.pipeline();
  for (const id of ids) {
    const event = parseEventId(id);
    const bytes = event === undefined ? Buffer.alloc(16) : eventIdBytes(event);
    commands.hexists(`tp:ids:${bytes.toString("hex", 0, 4)}`, bytes.subarray(4));
  }
  const replies = (await commands.exec()) ?? [];
  return replies.map(([error, found]) => {
    if (error !== null) throw error;
    return found === 1;
  });
}

/** The counts of the store under these keys, read from Valkey itself. */
export async function storedCounts(redis: Redis, keys: readonly string[]): Promise<Counts> {
  const state: Record<string, unknown> = {};
  for (const key of keys) {
    const kind = await redis.type(key);
    if (kind === "string") state[key] = await redis.get(key);
    if (kind === "hash") state[key] = await redis.hgetall(key);
  }
  return countsOf(state, keys);
}

/** What the store counted of deliveries, by lane and kind, such as `kafka:duplicate`. */
export async function storeLedger(redis: Redis): Promise<Readonly<Record<string, number>>> {
  const all = Object.entries(await redis.hgetall("tp:ledger"));
  return Object.fromEntries(all.map(([name, count]) => [name, Number(count)]));
}

/** How much the counts of these kinds have grown, over all lanes. */
export function grown(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  kinds: readonly string[],
): number {
  const sum = (ledger: Readonly<Record<string, number>>) =>
    Object.entries(ledger)
      .filter(([name]) => kinds.includes(name.slice(name.lastIndexOf(":") + 1)))
      .reduce((all, [, count]) => all + count, 0);
  return sum(after) - sum(before);
}
