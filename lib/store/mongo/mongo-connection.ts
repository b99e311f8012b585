import { type Db, MongoClient } from "mongodb";
import { within } from "../../pause.ts";
import { reasonOf } from "../reason-of.ts";
import {
  callTimeoutDefaultMs,
  clientOptions,
  databaseOf,
  hideSecrets,
  type MongoOptions,
} from "./mongo-options.ts";

/** A database on a MongoDB, which is found again by itself whenever it was away. */
export interface MongoConnection extends AsyncDisposable {
  /** The address, without secrets. */
  readonly where: string;
  /**
   * Runs one call. Rejects where the server is away or does not answer in time: then it is unknown whether it took it.
   */
  call<T>(work: (database: Db) => Promise<T>): Promise<T>;
}

/** A client and how many calls it has in hand. */
interface Lease {
  readonly client: MongoClient;
  calls: number;
}

/**
 * A connection that is made by the first call.
 *
 * After a call that failed the next one gets a new client, since on this runtime the driver does not always find a server
 * again that died: it may wait for an answer for ever (its own time limits do not strike then, so each call has a deadline
 * of ours), go on with a connection that was reset, or stay closed where two calls at once could not connect. A client
 * that was replaced is closed once its last call is over.
 *
 * @throws Error where the address is none that the driver can use.
 */
export function mongoConnection(options: MongoOptions): MongoConnection {
  const { url, callTimeoutMs = callTimeoutDefaultMs } = options;
  const where = hideSecrets(url);
  const open = (): Lease => ({ client: openClient(url, where, callTimeoutMs), calls: 0 });
  let current = open();
  let closed = false;
  return {
    where,
    async call(work) {
      if (closed) throw new Error("the connection is closed");
      const mine = current;
      mine.calls += 1;
      try {
        const run = async () => work(mine.client.db(databaseOf(url)));
        return await within("wait any longer for an answer", callTimeoutMs, run());
      } catch (error) {
        if (current === mine && !closed) current = open();
        throw error;
      } finally {
        mine.calls -= 1;
        if (mine !== current && mine.calls === 0) closeUnheard(mine.client);
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      const closing = current.client.close(true).catch(() => {});
      await within("close the client", callTimeoutMs, closing).catch(() => {});
    },
  };
}

function openClient(url: string, where: string, callTimeoutMs: number): MongoClient {
  try {
    return new MongoClient(url, clientOptions(callTimeoutMs));
  } catch (error) {
    const why = reasonOf(error).replaceAll(url, where);
    // biome-ignore lint/style/useErrorCause: it may hold the address, with the password in it.
    throw new Error(`Cannot use ${where}: ${why}`);
  }
}

/** A client that hangs may do so in its end as well. */
function closeUnheard(client: MongoClient): void {
  client.close(true).catch(() => {});
}
