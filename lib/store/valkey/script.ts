import { createHash } from "node:crypto";
import type { ChainableCommander, Redis } from "ioredis";
import type { ValkeyClient } from "./valkey-client.ts";

/** A Lua script. */
export interface Script {
  readonly source: string;
  readonly sha: string;
}

/** One argument of a script. */
export type ScriptArgument = string | number | Buffer;

/** A script of this source. */
export function createScript(source: string): Script {
  return { source, sha: createHash("sha1").update(source).digest("hex") };
}

/**
 * Runs a script by its hash, and sends it whole where the server does not know it (any more).
 *
 * @throws Error with the server's words, or from the client.
 */
export async function runScript(
  client: ValkeyClient,
  { source, sha }: Script,
  args: readonly ScriptArgument[],
): Promise<unknown> {
  try {
    return await replyOfWrite(client, (redis) => redis.pipeline().evalsha(sha, 0, ...args));
  } catch (error) {
    if (!isError(error, "NOSCRIPT")) throw error;
    return replyOfWrite(client, (redis) => redis.pipeline().eval(source, 0, ...args));
  }
}

/**
 * The reply to one command that writes. Where the client asks for replicas, it resolves only when that many have what
 * this connection wrote.
 *
 * @throws Error with the server's words, or from the client.
 */
export async function replyOfWrite(
  client: ValkeyClient,
  command: (redis: Redis) => ChainableCommander,
): Promise<unknown> {
  const { replicas, replicasTimeoutMs } = client;
  // WAIT follows on the same connection: on another one it knows of no writes and is content at once.
  const [first, reached] = await client.ask((redis) =>
    replicas > 0 ? command(redis).wait(replicas, replicasTimeoutMs) : command(redis),
  );
  const reply = orThrow(first);
  if (replicas === 0 || Number(orThrow(reached)) >= replicas) return reply;
  throw new Error(`too few replicas have it: current value is ${reached} of ${replicas}`);
}

/** A reply of the server, which must not be an error. */
export function orThrow(reply: unknown): unknown {
  if (reply instanceof Error) throw reply;
  return reply;
}

/** Whether something is the server's error of this kind, the first word of its message. */
export function isError(reply: unknown, kind: string): reply is Error {
  return reply instanceof Error && reply.message.startsWith(`${kind} `);
}
