import { connect } from "node:net";
import type { Script } from "./attack.ts";
import { repliesIn } from "./replies.ts";

/** What came of a script. */
export interface Exchange {
  /** What the other side sent, its first bytes. */
  readonly got: Uint8Array;
  /** Whether the other side ended the connection. */
  readonly wasClosed: boolean;
}

/** How long the other side may say nothing before the connection is left. */
const quietMs = 150;
const longestMs = 10_000;
const gotMax = 262_144;

/** Plays a script on a connection of its own, and leaves when nothing comes any more. */
export async function exchange(
  port: number,
  { parts, ends = false, successes = 0 }: Script,
): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const got: Buffer[] = [];
  let size = 0;
  let wasClosed = false;
  let quiet = setTimeout(resolve, longestMs);
  const longest = setTimeout(resolve, longestMs);
  const stir = () => {
    clearTimeout(quiet);
    // Replies that must come are waited for, however busy the machine is.
    quiet = setTimeout(resolve, successes > 0 ? longestMs : quietMs);
  };
  socket.on("data", (data) => {
    stir();
    if (size < gotMax) got.push(data);
    size += data.length;
    if (successes > 0 && repliesIn(Buffer.concat(got)).length >= successes) resolve();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    wasClosed = true;
    resolve();
  });
  for (const part of parts) {
    if (wasClosed) break;
    socket.write(part);
    await new Promise((turn) => setImmediate(turn));
  }
  if (ends) socket.end();
  stir();
  await promise;
  clearTimeout(quiet);
  clearTimeout(longest);
  const closedByPeer = wasClosed;
  socket.destroy();
  return { got: Buffer.concat(got), wasClosed: closedByPeer };
}
