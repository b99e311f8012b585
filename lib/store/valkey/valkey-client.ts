import { type ChainableCommander, Redis } from "ioredis";
import { hideSecrets, redisOptions, type ValkeyOptions } from "./valkey-options.ts";

/** One connection to a Valkey, which comes back by itself whenever it is lost. */
export interface ValkeyClient extends AsyncDisposable {
  readonly prefix: string;
  readonly replicas: number;
  /** How long to wait for the replicas. */
  readonly replicasTimeoutMs: number;
  /** The address, without secrets. */
  readonly where: string;
  /**
   * Sends commands together and answers with their replies; a reply of the server that is an error is returned as one.
   * Rejects where the server is away or does not answer in time: then it is unknown whether it took them.
   */
  ask(commands: (redis: Redis) => ChainableCommander): Promise<readonly unknown[]>;
}

/** How long the client waits before it begins anew after a connection that could not even be tried. */
const restartMs = 1_000;

/** A client that connects in the background: making it never fails for want of a server. */
export function valkeyClient(options: ValkeyOptions): ValkeyClient {
  const { prefix = "", replicas = 0, commandTimeoutMs = 5_000 } = options;
  const url = new URL(options.url);
  const redis = new Redis(redisOptions(url, commandTimeoutMs));
  const connection = watch(redis);

  const send = async (commands: (redis: Redis) => ChainableCommander) => {
    await connection.tried;
    const why = connection.fault();
    if (why !== undefined) throw new Error(`it is not connected: ${why}`);
    return repliesOf(await commands(redis).exec());
  };
  return {
    prefix,
    replicas,
    // Less than a call's time, so that the answer is a count and not silence.
    replicasTimeoutMs: Math.ceil(commandTimeoutMs / 2),
    where: hideSecrets(url),
    async ask(commands) {
      const { promise: late, resolve: strike } = Promise.withResolvers<undefined>();
      const timer = setTimeout(strike, commandTimeoutMs, undefined);
      try {
        const replies = await Promise.race([send(commands), late]);
        if (replies !== undefined) return replies;
      } finally {
        clearTimeout(timer);
      }
      throw connection.giveUp(new Error(`no answer within ${commandTimeoutMs} ms`));
    },
    async [Symbol.asyncDispose]() {
      connection.close();
    },
  };
}

interface Connection {
  /** Resolves when the first try to connect has ended, well or badly. */
  readonly tried: Promise<void>;
  /** Why commands cannot be sent now; undefined where they can. */
  fault(): string | undefined;
  /** Makes the connection anew: whatever still comes on it is answers that nobody waits for. Returns the error. */
  giveUp(error: Error): Error;
  close(): void;
}

function watch(redis: Redis): Connection {
  const { promise: tried, resolve } = Promise.withResolvers<void>();
  let lastError: Error | undefined;
  let usable = true;
  let closed = false;
  let restart: Timer | undefined;
  redis.on("ready", resolve);
  redis.on("close", resolve);
  redis.on("connect", () => {
    lastError = undefined;
    usable = true;
  });
  redis.on("error", (error) => {
    lastError = error;
    // The library goes on after a SELECT that the server refused, in database 0, which is somebody else's.
    if (error.name === "ReplyError") usable = false;
  });
  // The library gives up when a connection cannot even be tried.
  redis.on("end", () => {
    resolve();
    if (!closed) restart = setTimeout(() => void redis.connect().catch(() => {}), restartMs);
  });
  return {
    tried,
    fault() {
      if (redis.status === "ready" && usable) return undefined;
      return lastError?.message ?? `its state is ${redis.status}`;
    },
    giveUp(error) {
      if (redis.status === "ready") {
        lastError = error;
        usable = false;
        redis.disconnect(true);
      }
      return error;
    },
    close() {
      closed = true;
      clearTimeout(restart);
      redis.disconnect();
    },
  };
}

function repliesOf(results: [error: Error | null, result: unknown][] | null): unknown[] {
  if (results === null) throw new Error("the transaction was dropped");
  return results.map(([error, reply]) => {
    if (error === null) return reply;
    if (error.name === "ReplyError") return error;
    // What the library says of it is about its own settings.
    if (error.name !== "MaxRetriesPerRequestError") throw error;
    throw new Error("the connection broke", { cause: error });
  });
}
