import { Redis, type RedisOptions } from "ioredis";
import { sentinelNews } from "../valkey/sentinel-news.ts";
import { valkeyAddress } from "../valkey/valkey-address.ts";
import { redisOptions } from "../valkey/valkey-options.ts";

const answerMs = 5_000;
const againMs = 50;

/** A bare client for a look behind the store's back, at an address of either form; what cannot be sent yet waits. */
export function redisAt(url: string, options: RedisOptions = {}): Redis {
  const address = valkeyAddress(url);
  const redis = new Redis({
    ...redisOptions(address, answerMs),
    ...{ retryStrategy: () => againMs, maxRetriesPerRequest: null, enableOfflineQueue: true },
    ...options,
    replyMapping: "legacy",
  });
  redis.on("error", () => {});
  if (address.primary === undefined) return redis;
  const news = sentinelNews(address, () => {
    if (redis.status === "ready" || redis.status === "connect") redis.disconnect(true);
  });
  const { disconnect } = redis;
  redis.disconnect = (reconnect) => {
    if (!reconnect) news[Symbol.dispose]();
    disconnect.call(redis, reconnect);
  };
  return redis;
}
