import { type ChainableCommander, Redis } from "ioredis";
import { pause } from "../../pause.ts";
import { reasonOf } from "../reason-of.ts";
import { sentinelNews } from "./sentinel-news.ts";
import { createTenure, type Tenure } from "./tenure.ts";
import { shownAddress, type ValkeyAddress, valkeyAddress } from "./valkey-address.ts";
import { redisOptions, type ValkeyOptions } from "./valkey-options.ts";

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

type Commands = (redis: Redis) => ChainableCommander;

/** How long the client waits before it begins anew after a connection that could not even be tried. */
const restartMs = 1_000;

/** How often a primary that sentinels may replace is heard. */
const hearMs = 1_000;

/** How long to wait for replicas, less than a call's time, so that the answer is a count and not silence. */
const replicasTimeoutMaxMs = 1_500;

/**
 * A client that connects in the background: making it never fails for want of a server. Under sentinels, one that asks
 * for replicas believes nobody who was silent for too long, and uses a new connection after three seconds.
 *
 * @throws Error for an address that is none.
 */
export function valkeyClient(options: ValkeyOptions): ValkeyClient {
  const { prefix = "", replicas = 0, commandTimeoutMs = 5_000 } = options;
  const address = addressOf(options.url);
  const redis = new Redis(redisOptions(address, commandTimeoutMs));
  const connection = watch(redis);
  const tenure = replicas > 0 && address.primary !== undefined ? createTenure() : undefined;
  if (tenure !== undefined) redis.on("connect", tenure.begin);

  const send = async (commands: Commands) => {
    await connection.tried;
    const why = connection.fault();
    if (why !== undefined) throw new Error(`it is not connected: ${why}`);
    const sentMs = performance.now();
    const replies = repliesOf(await commands(redis).exec());
    const doubt = tenure?.heard(sentMs);
    if (doubt !== undefined) throw connection.giveUp(new Error(doubt));
    return replies;
  };
  const exchange = async (commands: Commands) => {
    const { promise: late, resolve: strike } = Promise.withResolvers<undefined>();
    const timer = setTimeout(strike, commandTimeoutMs, undefined);
    try {
      const replies = await Promise.race([send(commands), late]);
      if (replies !== undefined) return replies;
    } finally {
      clearTimeout(timer);
    }
    throw connection.giveUp(new Error(`no answer within ${commandTimeoutMs} ms`));
  };
  const hear = () => {
    if (connection.fault() !== undefined || (tenure?.quietMs() ?? 0) < hearMs / 2) return;
    exchange((redis) => redis.pipeline().ping()).catch(() => {});
  };
  const hearing = tenure && setInterval(hear, hearMs);
  const news = address.primary === undefined ? undefined : sentinelNews(address, connection.renew);
  return {
    prefix,
    replicas,
    replicasTimeoutMs: Math.min(replicasTimeoutMaxMs, Math.ceil(commandTimeoutMs / 2)),
    where: shownAddress(address),
    async ask(commands) {
      await connection.tried;
      if (tenure !== undefined) await settled(tenure);
      return exchange(commands);
    },
    async [Symbol.asyncDispose]() {
      clearInterval(hearing);
      news?.[Symbol.dispose]();
      connection.close();
    },
  };
}

/** Each wait may end in a new connection, which has a wait of its own. */
const waitsMax = 3;

async function settled(tenure: Tenure): Promise<void> {
  for (let waits = 0; tenure.waitMs() > 0; waits++) {
    if (waits === waitsMax) throw new Error("its connections do not last");
    await pause(tenure.waitMs());
  }
}

/** The address that a client was given. */
export function addressOf(url: string | ValkeyAddress): ValkeyAddress {
  if (typeof url !== "string") return url;
  try {
    return valkeyAddress(url);
  } catch (error) {
    throw new Error(`Cannot use a Valkey: its address ${reasonOf(error)}`, { cause: error });
  }
}

interface Connection {
  /** Resolves when the first try to connect has ended, well or badly. */
  readonly tried: Promise<void>;
  /** Why commands cannot be sent now; undefined where they can. */
  fault(): string | undefined;
  /** Makes the connection anew: whatever still comes on it is answers that nobody waits for. Returns the error. */
  giveUp(error: Error): Error;
  /** Makes the connection anew, whatever it is waiting for: another server is the primary. */
  renew(): void;
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
    // Where no sentinel answers, they are asked again without an end to the try.
    resolve();
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
    renew() {
      // One that is still looking for the primary asks the sentinels anyhow.
      if (redis.status === "ready" || redis.status === "connect") redis.disconnect(true);
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
