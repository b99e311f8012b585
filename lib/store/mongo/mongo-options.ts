import type { MongoClientOptions, WriteConcernSettings } from "mongodb";

/** How a MongoDB is reached. */
export interface MongoOptions {
  /**
   * `mongodb://[user:password@]host[:port],…/[database][?options]` or `mongodb+srv://…`, with the driver's options. Without
   * a path the database is `so1p2`.
   */
  readonly url: string;
  /** How long one call to the server may take. @default 5,000 */
  readonly callTimeoutMs?: number;
}

/** How long a call may take where nothing else is said. */
export const callTimeoutDefaultMs = 5_000;

const defaultDatabase = "so1p2";

/** Calls of one client that run at the same time; others wait for theirs, within their time. */
const connectionsMax = 10;

/** The database that an address leads to. */
export function databaseOf(url: string): string {
  const path = /^[^:]*:\/\/[^/?]*\/([^?]*)/.exec(url)?.[1];
  return path === undefined || path === "" ? defaultDatabase : decodeURIComponent(path);
}

/** The address without user, password and options. */
export function hideSecrets(url: string): string {
  const [, scheme = "", hosts = ""] = /^([^:]*:\/\/)(?:[^/?]*@)?([^/?]*)/.exec(url) ?? [];
  return `${scheme}${hosts}/${databaseOf(url)}`;
}

/**
 * The client's settings: it repeats nothing by itself, since only the caller knows that this is safe, and gives up before
 * our own deadline, so that the answer is a reason and not silence.
 */
export function clientOptions(callTimeoutMs: number): MongoClientOptions {
  const beforeDeadlineMs = Math.ceil(callTimeoutMs / 2);
  return {
    retryReads: false,
    retryWrites: false,
    maxPoolSize: connectionsMax,
    waitQueueTimeoutMS: beforeDeadlineMs,
    serverSelectionTimeoutMS: beforeDeadlineMs,
    connectTimeoutMS: beforeDeadlineMs,
    socketTimeoutMS: 2 * callTimeoutMs,
  };
}

/** What is answered outlives the end of a server, and of the primary where there are several. */
export function safely(callTimeoutMs: number): WriteConcernSettings {
  return { w: "majority", journal: true, wtimeoutMS: Math.ceil(callTimeoutMs / 2) };
}
