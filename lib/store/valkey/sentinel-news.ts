import { Redis } from "ioredis";
import type { ValkeyAddress } from "./valkey-address.ts";
import { sentinelOptions } from "./valkey-options.ts";

const channel = "+switch-master";

/**
 * Hears from every sentinel of the address when another server has become the primary, and calls `onSwitch`, once for each
 * that says so. Sentinels that are away are listened to when they are back.
 */
export function sentinelNews(address: ValkeyAddress, onSwitch: () => void): Disposable {
  const listeners = address.hosts.map((host) => {
    const redis = new Redis({ ...host, ...sentinelOptions(address) });
    // One that is away is one of several, and may be refused: then it is the connection's own end that tells.
    redis.on("error", () => {});
    redis.on("message", (_, news: string) => {
      if (news.startsWith(`${address.primary} `)) onSwitch();
    });
    redis.subscribe(channel).catch(() => {});
    return redis;
  });
  return {
    [Symbol.dispose]() {
      for (const each of listeners) each.disconnect();
    },
  };
}
