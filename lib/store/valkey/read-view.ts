import type { ChainableCommander, Redis } from "ioredis";
import { eventIdBytes } from "../../event/event-id.ts";
import type { KeyQuery } from "../../pipeline/key-query.ts";
import { fromFlat } from "../fold-plan.ts";
import { ledgersOf } from "../ledger.ts";
import { entriesDefault } from "../query-limits.ts";
import type { KeyValue, StoreQuery, StoreView } from "../store.ts";
import { isError, orThrow } from "./script.ts";
import type { ValkeyClient } from "./valkey-client.ts";

/** Reads all that is asked for at one moment. */
export async function readView(client: ValkeyClient, query: StoreQuery): Promise<StoreView> {
  const { keys = [], ids = [] } = query;
  const { prefix } = client;
  const replies = await client.ask((redis) => {
    const commands = redis.multi().hgetall(`${prefix}tp:ledger`).hgetall(`${prefix}tp:cursor`);
    for (const key of keys) askKey(commands, prefix, key);
    for (const id of ids) {
      const bytes = eventIdBytes(id);
      const bucket = bytes.toString("hex", 0, 4);
      commands.hexists(`${prefix}tp:ids:${bucket}`, bytes.subarray(4));
    }
    return commands;
  });
  const [ledger, cursors, ...rest] = replies;
  return {
    keys: keys.map((key, i) => keyValue(key, rest[i])),
    ids: rest.slice(keys.length).map((reply) => orThrow(reply) === 1),
    lanes: ledgersOf(numbersOf(ledger).map(([name, count]) => laneCount(name, count))),
    cursors: new Map(numbersOf(cursors)),
  };
}

/** Reads the cursors of these partitions; without any it only proves that the server answers. */
export async function readCursors(
  client: ValkeyClient,
  partitions: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const [reply] = await client.ask((redis: Redis) =>
    partitions.length === 0
      ? redis.pipeline().ping()
      : redis.pipeline().hmget(`${client.prefix}tp:cursor`, ...partitions),
  );
  const values = orThrow(reply);
  const cursors = new Map<string, number>();
  for (const [i, partition] of partitions.entries()) {
    const value = Array.isArray(values) ? values[i] : null;
    if (value !== null) cursors.set(partition, Number(value));
  }
  return cursors;
}

function askKey(
  commands: ChainableCommander,
  prefix: string,
  { key, kind, limit = entriesDefault }: KeyQuery,
): void {
  const name = prefix + key;
  switch (kind) {
    case "value":
      commands.get(name);
      break;
    case "hash":
      commands.hgetall(name);
      break;
    case "stream":
      commands.xrevrange(name, "+", "-", "COUNT", limit);
      break;
    case "list":
      commands.lrange(name, -limit, -1);
      break;
  }
}

function keyValue({ kind }: KeyQuery, reply: unknown): KeyValue {
  if (isError(reply, "WRONGTYPE")) return undefined;
  const value = orThrow(reply);
  switch (kind) {
    case "value":
      return (value as string | null) ?? undefined;
    case "hash": {
      const fields = value as Record<string, string>;
      return Object.keys(fields).length > 0 ? fields : undefined;
    }
    case "stream": {
      const entries = value as [id: string, flat: string[]][];
      return entries.length > 0 ? entries.map(([, flat]) => fromFlat(flat)) : undefined;
    }
    case "list": {
      const items = value as string[];
      return items.length > 0 ? items.reverse() : undefined;
    }
  }
}

function numbersOf(reply: unknown): [string, number][] {
  const fields = orThrow(reply) as Record<string, string>;
  return Object.entries(fields).map(([name, value]) => [name, Number(value)]);
}

function laneCount(name: string, count: number): [lane: string, name: string, count: number] {
  const colon = name.lastIndexOf(":");
  return [name.slice(0, colon), name.slice(colon + 1), count];
}
