import type { Snapshot } from "../api/shapes.ts";
import { after, asks, type Connection, retryDelayMs, type Signal, unheard } from "./connection.ts";

/** How often the board is asked where the stream stays away. */
const pollMs = 2_000;
/** How long a stream may take to its first snapshot. */
const firstMs = 10_000;
/** A stream that said nothing for so long is opened again: it may be dead without anybody having been told. */
const quietMs = 45_000;

/** What a feed needs of the world. */
export interface FeedPorts {
  /** Opens the stream; the function that is returned closes it. `failed` is called once at most. */
  open(on: { snapshot(snapshot: Snapshot): void; failed(): void }): () => void;
  /** Asks for one snapshot. */
  ask(): Promise<Snapshot>;
  /** Runs something later; the function that is returned prevents it. */
  later(run: () => void, ms: number): () => void;
  /** From 0 to 1. */
  random(): number;
  nowMs(): number;
}

/** Who hears what a feed hears. */
export interface FeedListener {
  snapshot(snapshot: Snapshot): void;
  connection(connection: Connection): void;
}

/**
 * Keeps a listener informed until it is stopped by the function that is returned: by the stream, which is opened again
 * after every failure, and after three failures in a row by asking, until the stream is back.
 *
 * @param first - what was known of the connection before. @default nothing
 */
export function startFeed(
  ports: FeedPorts,
  listener: FeedListener,
  first: Connection = unheard,
): () => void {
  let connection = first;
  let stopped = false;
  let asking = false;
  let closeStream = () => {};
  /** At most one timer for the stream and one for asking runs at a time. */
  let cancelStream = () => {};
  let cancelAsk = () => {};

  const signal = (what: Signal) => {
    connection = after(connection, what, ports.nowMs());
    listener.connection(connection);
  };

  const watch = (ms: number, run: () => void) => {
    cancelStream();
    cancelStream = ports.later(run, ms);
  };

  const open = () => {
    closeStream();
    watch(firstMs, fail);
    closeStream = ports.open({
      snapshot: (snapshot) => {
        watch(quietMs, open);
        signal("snapshot");
        listener.snapshot(snapshot);
      },
      failed: fail,
    });
  };

  const fail = () => {
    if (stopped) return;
    closeStream();
    signal("streamFailed");
    watch(retryDelayMs(connection.failures, ports.random()), open);
    if (asks(connection) && !asking) void ask();
  };

  const ask = async () => {
    asking = true;
    const snapshot = await ports.ask().catch(() => undefined);
    asking = false;
    // The stream is fresher than any answer.
    if (stopped || connection.phase === "live") return;
    signal(snapshot === undefined ? "unanswered" : "answered");
    if (snapshot !== undefined) listener.snapshot(snapshot);
    cancelAsk();
    if (asks(connection)) cancelAsk = ports.later(askAgain, pollMs);
  };

  const askAgain = () => {
    if (asks(connection) && !asking) void ask();
  };

  listener.connection(first);
  open();
  // Where the stream does not come through, people should not wait for three failures to see anything.
  void ask();
  return () => {
    stopped = true;
    closeStream();
    cancelStream();
    cancelAsk();
  };
}
