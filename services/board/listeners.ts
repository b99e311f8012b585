import type { Server } from "bun";
import type { Feed, Follower } from "./feed.ts";

/** Who listens to a board's streams. Disposing ends all streams at once, and there are no new ones. */
export interface Listeners extends Disposable {
  /** A stream of a feed's snapshots as server-sent events; undefined where there are as many as there may be. */
  open(feed: Feed, client: StreamClient): ReadableStream<Uint8Array> | undefined;
}

/** Whose stream it is. */
export interface StreamClient {
  readonly request: Request;
  /** The server that the request came by; without it nobody notices that a client takes nothing any more. */
  readonly server: Server<unknown> | null;
}

/** What bounds the streams. */
export interface ListenerLimits {
  /** @default 100 */
  readonly listenersMax?: number;
  /** How often a client hears something where nothing changes. @default 15,000 */
  readonly aliveMs?: number;
  /** How long a client may take nothing of what it was sent. @default 30,000 */
  readonly stuckMs?: number;
}

/** How long a browser waits before it connects again. */
const retryMs = 2_000;
/** Servers count in whole seconds, and none of them at least. */
const atOnceS = 1;

const encoder = new TextEncoder();

/**
 * Makes the streams of a board. A client is sent the newest snapshot when it has room for one, so it misses what it is too
 * slow for, and nothing is kept for it.
 */
export function createListeners({
  listenersMax = 100,
  aliveMs = 15_000,
  stuckMs = 30_000,
}: ListenerLimits = {}): Listeners {
  const open = new Set<() => void>();
  let closed = false;
  return {
    open(feed, { request, server }) {
      if (closed || open.size >= listenersMax) return undefined;
      server?.timeout(request, Math.ceil(stuckMs / 1_000));
      const follower = feed.follow();
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
      const leave = () => {
        open.delete(end);
        follower[Symbol.dispose]();
      };
      const end = () => {
        leave();
        // What it has not taken by then it never takes: the server must not wait for it.
        server?.timeout(request, atOnceS);
        controller?.close();
      };
      open.add(end);
      return new ReadableStream<Uint8Array>(
        {
          start(stream) {
            controller = stream;
            stream.enqueue(encoder.encode(`retry: ${retryMs}\n\n`));
          },
          async pull(stream) {
            const event = await nextEvent(follower, aliveMs);
            if (open.has(end)) stream.enqueue(event);
          },
          cancel: leave,
        },
        // Nothing is made ahead: what is sent is the newest when it is sent.
        { highWaterMark: 0 },
      );
    },
    [Symbol.dispose]() {
      closed = true;
      for (const end of open) end();
    },
  };
}

async function nextEvent(follower: Follower, aliveMs: number): Promise<Uint8Array> {
  const snapshot = await follower.next(aliveMs);
  return encoder.encode(
    snapshot === undefined ? ": alive\n\n" : `event: snapshot\ndata: ${snapshot}\n\n`,
  );
}
