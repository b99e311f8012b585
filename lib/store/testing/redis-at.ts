import { Redis, type RedisOptions } from "ioredis";
import { valkeyAddress } from "../valkey/valkey-address.ts";
import { redisOptions } from "../valkey/valkey-options.ts";

const answerMs = 5_000;
const againMs = 50;

/** A bare client for a look behind the store's back, at an address of either form; what cannot be sent yet waits. */
export function redisAt(url: string, options: RedisOptions = {}): Redis {
  const redis = new Redis({
    ...redisOptions(valkeyAddress(url), answerMs),
    ...{ retryStrategy: () => againMs, maxRetriesPerRequest: null, enableOfflineQueue: true },
    ...options,
    replyMapping: "legacy",
  });
  redis.on("error", () => {});
  // News of another primary that comes while the connection is made anew ends the client.
  let again: Timer | undefined;
  redis.on("end", () => {
    again = setTimeout(() => void redis.connect().catch(() => {}), againMs);
  });
  const { disconnect } = redis;
  redis.disconnect = (reconnect) => {
    if (!reconnect) redis.removeAllListeners("end");
    clearTimeout(again);
    disconnect.call(redis, reconnect);
  };
  return redis;
}
