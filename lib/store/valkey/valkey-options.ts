import type { RedisOptions } from "ioredis";
import type { Login, ValkeyAddress } from "./valkey-address.ts";

/** How a Valkey is reached. Pipelines that share one have a logical database each. */
export interface ValkeyOptions {
  /** As `valkeyAddress` reads it, or what that made of it. */
  readonly url: string | ValkeyAddress;
  /** Put before every key, so that several can share one logical database. @default "" */
  readonly prefix?: string;
  /** How long one call to the server may take. @default 5,000 */
  readonly commandTimeoutMs?: number;
  /** How many replicas must have a change before it counts as stored. @default 0 */
  readonly replicas?: number;
}

/** The pause before the next try to connect grows up to this. */
const reconnectMaxMs = 1_000;
/** How long a server that was given up may still close its side of a connection. */
const closeMs = 250;
/** A sentinel that does not answer is one of several. */
const sentinelMs = 1_000;
/** The pause before a sentinel that went away is listened to again. */
const listenAgainMs = 5_000;

/**
 * The client's settings: it connects for ever, keeps nothing for later and repeats nothing by itself. A command whose
 * connection broke fails at once, since only the caller knows that repeating is safe.
 */
export function redisOptions(
  address: ValkeyAddress,
  commandTimeoutMs: number,
): RedisOptions & { readonly replyMapping: "legacy" } {
  const pause = (times: number) => Math.min(50 * times, reconnectMaxMs);
  return {
    ...(address.primary === undefined
      ? { ...address.hosts[0], connectTimeout: commandTimeoutMs }
      : { ...primaryOptions(address), sentinelRetryStrategy: pause }),
    db: address.database,
    ...named(address),
    ...(address.tls && { tls: {} }),
    replyMapping: "legacy",
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // Our own deadline strikes first; this one guards the commands that open a connection.
    commandTimeout: 2 * commandTimeoutMs,
    disconnectTimeout: closeMs,
    retryStrategy: pause,
    // A replica: whoever answers at this address after a failover may be the new primary.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  };
}

/** The settings of a connection to whom the sentinels name, if it takes itself for the primary. */
function primaryOptions(address: ValkeyAddress): RedisOptions {
  const { username, password } = named(address.sentinelLogin ?? address);
  return {
    sentinels: [...address.hosts],
    name: address.primary,
    role: "master",
    ...(username !== undefined && { sentinelUsername: username }),
    ...(password !== undefined && { sentinelPassword: password }),
    ...(address.tls && { sentinelTLS: {}, enableTLSForSentinelMode: true }),
    connectTimeout: sentinelMs,
    sentinelCommandTimeout: sentinelMs,
    // The address has them all.
    updateSentinels: false,
  };
}

/** The settings of a connection to a sentinel that is listened to, for as long as it takes. */
export function sentinelOptions(
  address: ValkeyAddress,
): RedisOptions & { readonly replyMapping: "legacy" } {
  return {
    ...named(address.sentinelLogin ?? address),
    ...(address.tls && { tls: {} }),
    replyMapping: "legacy",
    connectTimeout: sentinelMs,
    disconnectTimeout: closeMs,
    enableReadyCheck: false,
    maxRetriesPerRequest: null,
    retryStrategy: () => listenAgainMs,
  };
}

function named({ username, password }: Login): { username?: string; password?: string } {
  return { ...(username && { username }), ...(password && { password }) };
}
