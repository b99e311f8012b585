import { constants, type ServerHttp2Session, type ServerOptions } from "node:http2";
import { whenOverdue } from "../overdue.ts";
import { tokenBucket } from "../token-bucket.ts";

/** How many calls one connection may have open. */
const streamsMax = 1_000;

/** How many connections there may be; more are closed at once. */
export const connectionsMax = 10_000;

/** How much the headers of one call may take, in bytes, as HTTP/2 counts them. */
const headerBytesMax = 16_384;

/** How long a connection may keep silent before it is closed, in milliseconds: clients that vanished leave them behind. */
const idleMs = 1_200_000;

/** How long a connection may take to say that it speaks HTTP/2, and a handshake before that, in milliseconds. */
export const prefaceMs = 10_000;

/**
 * Pings of a connection: grpc-go sends one for each round trip in which data came, so that a near client in full swing
 * sends thousands a second. One costs us 3 µs.
 */
const pings = { perSecond: 5_000, atOnce: 10_000 };

/** Settings that a client changes after its first ones. */
const settings = { perSecond: 1, atOnce: 100 };

/**
 * What node:http2 itself limits. Calls that a client begins and resets at once cost more than they seem (CVE-2023-44487):
 * what is beyond a full connection of them, twice, and a tenth of one a second, ends the connection.
 */
export const sessionOptions: ServerOptions = {
  settings: { maxConcurrentStreams: streamsMax, maxHeaderListSize: headerBytesMax },
  streamResetBurst: 2 * streamsMax,
  streamResetRate: streamsMax / 10,
};

/** How long a client's side of a connection may take. */
export interface SessionTimes {
  /** @default 10000 */
  readonly prefaceMs?: number;
  /** @default 1200000 */
  readonly idleMs?: number;
}

/**
 * Limits what the library does not: silence ends a connection with `GOAWAY`, and so do floods of pings and settings
 * (`ENHANCE_YOUR_CALM`); one that never says what it speaks is cut off.
 */
export function limitSession(session: ServerHttp2Session, times: SessionTimes = {}): void {
  const begun = whenOverdue(times.prefaceMs ?? prefaceMs, () => session.destroy());
  session.once("remoteSettings", begun);
  session.once("close", begun);
  session.setTimeout(times.idleMs ?? idleMs, () => session.close());
  const clock = () => performance.now();
  const buckets = {
    ping: tokenBucket(pings.perSecond, pings.atOnce, clock),
    remoteSettings: tokenBucket(settings.perSecond, settings.atOnce, clock),
  };
  let ending = false;
  const calm = (bucket: typeof buckets.ping) => {
    if (bucket.take() || ending) return;
    ending = true;
    session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    // Not at once: what was written in this turn would be lost.
    setImmediate(() => session.destroy());
  };
  session.on("ping", () => calm(buckets.ping));
  session.on("remoteSettings", () => calm(buckets.remoteSettings));
}
