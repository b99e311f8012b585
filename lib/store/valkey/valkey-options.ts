import type { RedisOptions } from "ioredis";

/** How a Valkey is reached. Pipelines that share one have a logical database each. */
export interface ValkeyOptions {
  /** `redis://[[user]:password@]host:port[/database]`, or `rediss://…` over TLS. */
  readonly url: string | URL;
  /** Put before every key, so that several can share one logical database. @default "" */
  readonly prefix?: string;
  /** How long one call to the server may take. @default 5,000 */
  readonly commandTimeoutMs?: number;
  /** How many replicas must have a change before it counts as stored. @default 0 */
  readonly replicas?: number;
}

/** The pause before the next try to connect grows up to this. */
const reconnectMaxMs = 1_000;

/**
 * The client's settings: it connects for ever, keeps nothing for later and repeats nothing by itself. A command whose
 * connection broke fails at once, since only the caller knows that repeating is safe.
 */
export function redisOptions(
  url: URL,
  commandTimeoutMs: number,
): RedisOptions & { readonly replyMapping: "legacy" } {
  const database = Number(url.pathname.slice(1) || "0");
  if (!Number.isSafeInteger(database) || database < 0) {
    throw new Error(
      `Cannot use ${hideSecrets(url)}: its path must be a number: current value is ${url.pathname}`,
    );
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port || "6379"),
    db: database,
    ...(url.username && { username: decodeURIComponent(url.username) }),
    ...(url.password && { password: decodeURIComponent(url.password) }),
    ...(url.protocol === "rediss:" && { tls: {} }),
    replyMapping: "legacy",
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // Our own deadline strikes first; this one guards the commands that open a connection.
    commandTimeout: 2 * commandTimeoutMs,
    connectTimeout: commandTimeoutMs,
    retryStrategy: (times) => Math.min(50 * times, reconnectMaxMs),
    // A replica: whoever answers at this address after a failover may be the new primary.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  };
}

/** The address without user and password. */
export function hideSecrets(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
