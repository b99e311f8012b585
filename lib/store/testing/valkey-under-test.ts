import { valkeyStore } from "../valkey/valkey-store.ts";
import { redisAt } from "./redis-at.ts";
import type { DriverUnderTest } from "./under-test.ts";

/** The driver on a Valkey that others use too: each test's data has a prefix of its own. */
export function valkeyUnderTest(url: string, replicas = 0): DriverUnderTest {
  return {
    name: "Valkey store",
    fresh(options = {}) {
      const prefix = `${crypto.randomUUID()}:`;
      return {
        connect: () => valkeyStore({ url, prefix, replicas, ...options }),
        [Symbol.asyncDispose]: () => removeAll(url, prefix),
      };
    },
  };
}

/** Removes every key that begins so. */
export async function removeAll(url: string, prefix: string): Promise<void> {
  const redis = redisAt(url);
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 })) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
  } finally {
    redis.disconnect();
  }
}
