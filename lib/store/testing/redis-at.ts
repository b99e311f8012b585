import { Redis, type RedisOptions } from "ioredis";
import { valkeyAddress } from "../valkey/valkey-address.ts";
import { redisOptions } from "../valkey/valkey-options.ts";

const answerMs = 5_000;

/** A bare client for a look behind the store's back, at an address of either form; what cannot be sent yet waits. */
export function redisAt(url: string, options: RedisOptions = {}): Redis {
  const redis = new Redis({
    ...redisOptions(valkeyAddress(url), answerMs),
    ...{ retryStrategy: () => 50, maxRetriesPerRequest: null, enableOfflineQueue: true },
    ...options,
    replyMapping: "legacy",
  });
  redis.on("error", () => {});
  return redis;
}
