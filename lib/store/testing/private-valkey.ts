import { Redis } from "ioredis";
import { parts } from "../../../tools/parts/testing.ts";
import type { Valkey, ValkeyOptions } from "../../../tools/parts/valkey.ts";

/** A Valkey of one test alone, with a client of the test's own. */
export interface PrivateValkey extends AsyncDisposable {
  readonly valkey: Valkey;
  /** Talks to the server behind the store's back; it waits while the server is away. */
  readonly redis: Redis;
}

/** Starts a Valkey that the test may kill, freeze and fill. */
export async function privateValkey(options?: ValkeyOptions): Promise<PrivateValkey> {
  if (parts === undefined) throw new Error("Cannot start a Valkey: no programs are installed");
  const valkey = await parts.startValkey(options);
  const redis = new Redis(valkey.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on("error", () => {});
  return {
    valkey,
    redis,
    async [Symbol.asyncDispose]() {
      redis.disconnect();
      await valkey[Symbol.asyncDispose]();
    },
  };
}
