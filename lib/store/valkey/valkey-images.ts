import type { KeyImage } from "../beside.ts";
import { reservedPrefix } from "../fold-plan.ts";
import { digestOf } from "../key-digest.ts";
import { orThrow } from "./script.ts";
import type { ValkeyClient } from "./valkey-client.ts";

const scanCount = 500;

type Head = readonly [key: string, type: string, expiresMs: number];

/** What every key of a logical database holds, the store's own left out. A key may come twice. */
export async function* valkeyImages(client: ValkeyClient): AsyncIterable<KeyImage> {
  let cursor = "0";
  do {
    const [reply] = await client.ask((redis) => redis.pipeline().scan(cursor, "COUNT", scanCount));
    const [next, keys] = orThrow(reply) as [string, string[]];
    cursor = next;
    const heads = await headsOf(
      client,
      keys.filter((key) => !key.startsWith(reservedPrefix)),
    );
    const small = heads.filter(([, type]) => type === "string" || type === "hash");
    yield* await imagesOf(client, small);
    // These may be long: one after the other.
    for (const head of heads) if (!small.includes(head)) yield* await imagesOf(client, [head]);
  } while (cursor !== "0");
}

async function headsOf(client: ValkeyClient, keys: readonly string[]): Promise<readonly Head[]> {
  if (keys.length === 0) return [];
  const replies = await client.ask((redis) => {
    const commands = redis.pipeline();
    for (const key of keys) commands.type(key).pexpiretime(key);
    return commands;
  });
  return keys
    .map(
      (key, i): Head => [key, String(orThrow(replies[2 * i])), Number(orThrow(replies[2 * i + 1]))],
    )
    .filter(([, type]) => type !== "none");
}

async function imagesOf(client: ValkeyClient, heads: readonly Head[]): Promise<KeyImage[]> {
  if (heads.length === 0) return [];
  const replies = await client.ask((redis) => {
    const commands = redis.pipeline();
    for (const [key, type] of heads) {
      if (type === "string") commands.get(key);
      else if (type === "hash") commands.hgetall(key);
      else if (type === "stream") commands.xrange(key, "-", "+");
      else if (type === "list") commands.lrange(key, 0, -1);
      else commands.type(key);
    }
    return commands;
  });
  return heads.flatMap((head, i) => imageOf(head, orThrow(replies[i])) ?? []);
}

/** Undefined where the key has gone since its type was asked for. */
function imageOf([key, type, expiresMs]: Head, reply: unknown): KeyImage | undefined {
  const parts = partsOf(type, reply);
  if (parts.length === 0) return undefined;
  const kind =
    type === "string" || type === "hash" || type === "stream" || type === "list" ? type : "other";
  const expires = expiresMs < 0 ? undefined : expiresMs;
  return { key, kind, length: parts.length, digest: digestOf(parts), expiresMs: expires };
}

function partsOf(type: string, reply: unknown): readonly string[] {
  switch (type) {
    case "hash":
      return Object.entries(reply as Record<string, string>).map((pair) => JSON.stringify(pair));
    case "stream":
      return (reply as [id: string, flat: string[]][]).map(([, flat]) => JSON.stringify(flat));
    case "list":
      return reply as string[];
    default:
      return reply === null ? [] : [String(reply)];
  }
}
